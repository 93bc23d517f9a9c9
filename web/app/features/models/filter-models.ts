import type { ModelOutput } from "api-worker/contracts";

/** What a model can do, as its badges say it. */
export function abilitiesOf({ capabilities }: ModelOutput): string[] {
  const { tools, vision, pdf, reasoning } = capabilities;
  return [tools && "Tools", vision && "Vision", pdf && "PDF", reasoning && "Reasoning"].filter(
    (ability) => ability !== false,
  );
}

/** Why a model cannot be asked about a picture; null when it can. */
export function whyUnseen(model: ModelOutput | undefined): string | null {
  if (!model || model.capabilities.vision) return null;
  return `${model.name} can’t see images. Choose another model or remove the image.`;
}

/** The models in which each word of the query occurs: in name, provider, description or badges. */
export function filterModels(models: readonly ModelOutput[], query: string): ModelOutput[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    const { name, provider, description } = model;
    const text = [name, provider, description, ...abilitiesOf(model)].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
