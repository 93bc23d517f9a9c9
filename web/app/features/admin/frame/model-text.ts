/** What a model is called, by its id. Old answers have none. */
export const modelText = (modelId: string) => (modelId === "" ? "Unknown model" : modelId);
