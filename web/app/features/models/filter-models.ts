import type { ModelOutput } from "api-worker/contracts";

/** What a model can do, as its badges say it. */
export function abilitiesOf({ capabilities }: ModelOutput): string[] {
  const { tools, vision, reasoning } = capabilities;
  return [tools && "Tools", vision && "Vision", reasoning && "Reasoning"].filter(
    (ability) => ability !== false,
  );
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
