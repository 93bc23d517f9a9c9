import type { ModelOutput } from "api-worker/contracts";

/** A model's abilities, as shown in its badges. */
export function abilitiesOf({ capabilities }: ModelOutput): string[] {
  const { tools, vision, pdf, reasoning } = capabilities;
  return [tools && "Tools", vision && "Vision", pdf && "PDF", reasoning && "Reasoning"].filter(
    (ability) => ability !== false,
  );
}

/** Why a model cannot take pictures; null when it can. */
export function whyUnseen(model: ModelOutput | undefined): string | null {
  if (!model || model.capabilities.vision) return null;
  return `${model.name} can’t see images. Choose another model or remove the image.`;
}

/** The models that match every word of the query in name, provider, description or badges. */
export function filterModels(models: readonly ModelOutput[], query: string): ModelOutput[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    const { name, provider, description } = model;
    const text = [name, provider, description, ...abilitiesOf(model)].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
