import {
  costPerDayText,
  type SettingName,
  type SignUpMode,
  type SiteSettingsOutput,
  settingText,
} from "api-worker/contracts/site-settings";
import type { FormEvent } from "react";
import { readError } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { TextField } from "../../../ui/text-field.tsx";
import { dollarsOfNanos } from "../form/amounts.ts";
import { ChoiceField } from "../form/choice-field.tsx";
import { defaultChoice } from "../form/limit-choice.ts";
import { LimitField } from "../form/limit-field.tsx";
import { readReason, SaveFields } from "../form/save-fields.tsx";
import type { EditedForm } from "../form/use-edited-form.ts";
import { readCostLimit, readSettings } from "./settings-form-data.ts";

interface SettingsFormProps extends EditedForm<SiteSettingsOutput> {
  readonly settings: SiteSettingsOutput;
}

const signUpNames: Record<SignUpMode, string> = {
  open: "Anyone",
  domains: "Addresses of email domains",
  invite: "People with an invitation",
  off: "No one",
};

const limitText = (tokens: number | null) =>
  tokens === null ? "no limit" : tokens.toLocaleString("en");

/** The form of the settings. Its words are those of the schema that checks what is entered. */
export function SettingsForm(props: SettingsFormProps) {
  const { settings, isSaved, onEdit, onSaved, onReload } = props;
  const { stored, defaults, version, costPerDayNanos } = settings;
  const utils = trpc.useUtils();
  const update = trpc.admin.settings.update.useMutation({
    onSuccess(saved) {
      utils.admin.settings.get.setData(undefined, saved);
      onSaved(saved);
    },
  });
  const refusal = update.error ? readError(update.error) : null;
  const errorOf = (name: SettingName) =>
    Object.entries(refusal?.fields ?? {}).find(([path]) =>
      `${path}.`.startsWith(`settings.${name}.`),
    )?.[1];

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (update.isPending) return;
    const form = new FormData(event.currentTarget);
    update.mutate({
      version,
      settings: readSettings(form),
      costPerDayNanos: readCostLimit(form),
      ...readReason(form),
    });
  }

  return (
    <form onSubmit={submit} onChange={onEdit} noValidate className="grid max-w-xl gap-7">
      <ChoiceField
        {...settingText("signUp")}
        name="signUp"
        usual={stored.signUp ?? defaultChoice}
        options={[
          {
            value: defaultChoice,
            label: `Default (${signUpNames[defaults.signUp].toLowerCase()})`,
          },
          ...Object.entries(signUpNames).map(([value, label]) => ({ value, label })),
        ]}
        error={errorOf("signUp")}
      />
      <TextField
        label={settingText("signUpDomains").title}
        name="signUpDomains"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={defaults.signUpDomains.join(", ") || "example.com"}
        defaultValue={stored.signUpDomains?.join(", ")}
        hint={settingText("signUpDomains").description}
        error={errorOf("signUpDomains")}
      />
      <ChoiceField
        {...settingText("guests")}
        name="guests"
        usual={stored.guests === undefined ? defaultChoice : stored.guests ? "on" : "off"}
        options={[
          { value: defaultChoice, label: `Default (${defaults.guests ? "on" : "off"})` },
          { value: "on", label: "On" },
          { value: "off", label: "Off" },
        ]}
        error={errorOf("guests")}
      />
      <LimitField
        {...settingText("tokensPerDay")}
        name="tokensPerDay"
        amountLabel="Limit in tokens"
        stored={stored.tokensPerDay}
        usual={{ amount: defaults.tokensPerDay, text: limitText(defaults.tokensPerDay) }}
        error={errorOf("tokensPerDay")}
      />
      <LimitField
        {...costPerDayText}
        name="costPerDay"
        amountLabel="Limit in dollars"
        stored={costPerDayNanos === null ? null : dollarsOfNanos(costPerDayNanos)}
        error={refusal?.fields.costPerDayNanos}
      />
      <SaveFields mutation={update} isSaved={isSaved} onReload={onReload} />
    </form>
  );
}
