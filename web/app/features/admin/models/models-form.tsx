import type { ModelAccess, ModelsSettingsOutput } from "api-worker/contracts/model-settings";
import type { FormEvent } from "react";
import { readError } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { TextField } from "../../../ui/text-field.tsx";
import { priceOfNanos } from "../form/amounts.ts";
import { ChoiceField } from "../form/choice-field.tsx";
import { readReason, SaveFields } from "../form/save-fields.tsx";
import type { EditedForm } from "../form/use-edited-form.ts";
import { fieldName, readModels } from "./models-form-data.ts";

interface ModelsFormProps extends EditedForm<ModelsSettingsOutput> {
  readonly settings: ModelsSettingsOutput;
}

const accessNames: Record<ModelAccess, string> = {
  everyone: "Everyone",
  accounts: "People with an account",
  admins: "Administrators",
  off: "No one",
};

/** The form of the models. The worker checks what is entered, by the schema that it stores. */
export function ModelsForm({ settings, isSaved, onEdit, onSaved, onReload }: ModelsFormProps) {
  const { version, models } = settings;
  const utils = trpc.useUtils();
  const update = trpc.admin.settings.updateModels.useMutation({
    onSuccess(saved) {
      utils.admin.settings.models.setData(undefined, saved);
      void utils.models.list.invalidate();
      onSaved(saved);
    },
  });
  const fields: Readonly<Record<string, string>> = update.error
    ? readError(update.error).fields
    : {};

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (update.isPending) return;
    const form = new FormData(event.currentTarget);
    update.mutate({ version, models: readModels(form, models), ...readReason(form) });
  }

  return (
    <form onSubmit={submit} onChange={onEdit} noValidate className="grid max-w-xl gap-8">
      {models.map((model) => (
        <ModelFields
          key={model.id}
          model={model}
          errorOf={(path) => fields[`models.${model.id}.${path}`]}
        />
      ))}
      <SaveFields mutation={update} isSaved={isSaved} onReload={onReload} />
    </form>
  );
}

interface ModelFieldsProps {
  readonly model: ModelsSettingsOutput["models"][number];
  readonly errorOf: (
    path: "access" | "name" | "price.inputNanos" | "price.outputNanos",
  ) => string | undefined;
}

function ModelFields({ model, errorOf }: ModelFieldsProps) {
  const { id, isDefault, stored, defaults } = model;
  return (
    <fieldset className="grid min-w-0 gap-5 rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6">
      <legend className="sr-only">{stored.name ?? defaults.name}</legend>
      <p aria-hidden="true" className="text-lg font-semibold tracking-tight">
        {stored.name ?? defaults.name}{" "}
        <code className="text-sm font-normal text-muted wrap-anywhere">{id}</code>
      </p>
      <ChoiceField
        title="Who can use it"
        description={
          isDefault
            ? "This is the default model. It stays available to everyone."
            : "Chats with a model that someone can’t use go on with the default model."
        }
        name={fieldName(id, "access")}
        usual={isDefault ? "everyone" : (stored.access ?? "everyone")}
        options={Object.entries(accessNames).map(([value, label]) => ({ value, label }))}
        error={errorOf("access")}
        disabled={isDefault}
      />
      <TextField
        label="Name"
        name={fieldName(id, "name")}
        autoComplete="off"
        maxLength={60}
        placeholder={defaults.name}
        defaultValue={stored.name}
        hint={`Default: ${defaults.name}`}
        error={errorOf("name")}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <PriceField
          label="Input price"
          name={fieldName(id, "input")}
          stored={stored.price?.inputNanos}
          usual={defaults.price?.inputNanos}
          error={errorOf("price.inputNanos")}
        />
        <PriceField
          label="Output price"
          name={fieldName(id, "output")}
          stored={stored.price?.outputNanos}
          usual={defaults.price?.outputNanos}
          error={errorOf("price.outputNanos")}
        />
      </div>
    </fieldset>
  );
}

interface PriceFieldProps {
  readonly label: string;
  readonly name: string;
  readonly stored: number | undefined;
  readonly usual: number | undefined;
  readonly error: string | undefined;
}

/** An amount of dollars for a million tokens. */
function PriceField({ label, name, stored, usual, error }: PriceFieldProps) {
  const usualText = usual === undefined ? "not set" : `$${priceOfNanos(usual)}`;
  return (
    <TextField
      label={label}
      name={name}
      inputMode="decimal"
      autoComplete="off"
      placeholder={usual === undefined ? undefined : String(priceOfNanos(usual))}
      defaultValue={stored === undefined ? undefined : priceOfNanos(stored)}
      hint={`In dollars for a million tokens. Default: ${usualText}`}
      error={error}
    />
  );
}
