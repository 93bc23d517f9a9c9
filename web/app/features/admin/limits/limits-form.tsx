import type { RouterInputs } from "api-worker";
import {
  type EditedLimitName,
  editedLimitNames,
  type LimitsOutput,
  limitTexts,
} from "api-worker/contracts/admin-limits";
import type { FormEvent } from "react";
import { readError } from "../../../lib/error-text.ts";
import { LimitField } from "../form/limit-field.tsx";
import { readReason, SaveFields, type SaveMutation } from "../form/save-fields.tsx";
import { useFormBase } from "../form/use-edited-form.ts";
import { limitText, readChange, unitOf } from "./limits-form-data.ts";

type Change = Pick<RouterInputs["admin"]["limits"]["updateRole"], "set" | "reset" | "reason">;

interface LimitsFormProps {
  /** What was loaded last. */
  readonly limits: LimitsOutput;
  readonly mutation: SaveMutation;
  readonly onSave: (change: Change, onSaved: (saved: LimitsOutput) => void) => void;
}

const amountLabels = {
  count: "Limit",
  dollars: "Limit in dollars",
  megabytes: "Limit in megabytes",
} as const;

/**
 * The form of the limits of a role or a user. The worker checks what is entered. The fields keep what
 * they were made with, so what is loaded later must not be taken for what they have shown.
 */
export function LimitsForm({ limits, mutation, onSave }: LimitsFormProps) {
  const { current, isSaved, onEdit, onSaved } = useFormBase(limits);
  const { stored, defaults } = current;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (mutation.isPending) return;
    const form = new FormData(event.currentTarget);
    onSave({ ...readChange(form, stored), ...readReason(form) }, onSaved);
  }

  return (
    <form
      key={JSON.stringify([stored, defaults])}
      onSubmit={submit}
      onChange={onEdit}
      noValidate
      className="grid max-w-xl gap-7"
    >
      <LimitFields limits={current} error={mutation.error} />
      <SaveFields mutation={mutation} isSaved={isSaved} />
    </form>
  );
}

function LimitFields({
  limits,
  error,
}: {
  readonly limits: LimitsOutput;
  readonly error: unknown;
}) {
  const { stored, defaults } = limits;
  const fields: Readonly<Record<string, string>> = error ? readError(error).fields : {};
  const shown = (name: EditedLimitName, value: number | null) =>
    value === null ? null : unitOf(name).show(value);
  return editedLimitNames.map((name) => {
    const { title, description, unit } = limitTexts[name];
    const value = stored[name];
    return (
      <LimitField
        key={name}
        title={title}
        description={description}
        name={name}
        amountLabel={amountLabels[unit]}
        stored={value === undefined ? undefined : shown(name, value)}
        usual={{ amount: shown(name, defaults[name]), text: limitText(name, defaults[name]) }}
        error={fields[`set.${name}`]}
      />
    );
  });
}
