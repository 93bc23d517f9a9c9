import { useState } from "react";
import { TextField } from "../../../ui/text-field.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { amountName, defaultChoice } from "./limit-choice.ts";

interface LimitFieldProps {
  readonly title: string;
  readonly description: string;
  readonly name: string;
  /** The label of the amount. */
  readonly amountLabel: string;
  /** In the unit in which it is entered; null for no limit, undefined for the default. */
  readonly stored: number | null | undefined;
  /** What the default is; left out when there is none, and no limit takes its place. */
  readonly usual?: { readonly amount: number | null; readonly text: string };
  readonly error: string | undefined;
}

/** A limit: the default, an amount, or none. `readLimit` reads it. */
export function LimitField(props: LimitFieldProps) {
  const { title, description, name, amountLabel, stored, usual, error } = props;
  const unset = usual ? defaultChoice : "none";
  const first = stored === undefined ? unset : stored === null ? "none" : "number";
  const [choice, setChoice] = useState<string>(first);
  return (
    <div className="grid gap-3">
      <ChoiceField
        title={title}
        description={description}
        name={name}
        usual={first}
        options={[
          ...(usual ? [{ value: defaultChoice, label: `Default (${usual.text})` }] : []),
          { value: "number", label: "A limit" },
          { value: "none", label: "No limit" },
        ]}
        onChoice={setChoice}
        error={choice === "number" ? undefined : error}
      />
      {choice === "number" && (
        <TextField
          label={amountLabel}
          name={amountName(name)}
          inputMode="decimal"
          autoComplete="off"
          defaultValue={stored ?? usual?.amount ?? undefined}
          error={error}
        />
      )}
    </div>
  );
}
