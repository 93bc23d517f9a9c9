import type { ModelOutput } from "api-worker/contracts";

interface ModelPickerProps {
  readonly models: readonly ModelOutput[];
  readonly modelId: string | undefined;
  readonly onChange: (modelId: string) => void;
}

/** The model that will answer: its name, and a choice where there is one. */
export function ModelPicker({ models, modelId, onChange }: ModelPickerProps) {
  const model = models.find(({ id }) => id === modelId);
  const look = "h-10 max-w-full truncate rounded-full px-3 text-sm text-muted";
  if (models.length < 2) {
    return <p className={`${look} leading-10`}>{model?.name}</p>;
  }
  return (
    <select
      aria-label="Model"
      value={modelId}
      onChange={(event) => onChange(event.target.value)}
      className={`${look} cursor-pointer bg-transparent transition-colors hover:bg-hover`}
    >
      {models.map(({ id, name }) => (
        <option key={id} value={id} className="bg-raised text-ink">
          {name}
        </option>
      ))}
    </select>
  );
}
