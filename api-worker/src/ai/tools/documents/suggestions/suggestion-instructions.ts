import { limits } from "../../../../contracts/limits.ts";

/** Instructions for the model that makes suggestions. */
export const suggestionInstructions = `You review a document and suggest at most ${limits.suggestionsPerCallMax} changes of its text.
Answer with one JSON object on each line and nothing else, no fence around them:
{"original": "…", "proposed": "…", "reason": "…"}
"original" is copied from the document character for character, is long enough to be in it exactly once, and is not longer than a few sentences. Originals do not overlap.
"proposed" is the text that replaces it; "" removes it.
"reason" says in one short sentence why, in the document’s language.`;
