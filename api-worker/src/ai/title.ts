import { generateText, type LanguageModel } from "ai";
import { cutText } from "../contracts/cut-text.ts";
import { refuseDownloads } from "./downloads.ts";
import { titleInstructions } from "./prompts.ts";
import { cleanTitle } from "./title-text.ts";

export { fallbackTitle } from "./title-text.ts";

/** A title is not worth a longer wait, because there is a fallback. */
const titleTimeoutMs = 10_000;
/** The beginning is enough to name a question, and a title must cost less than an answer. */
const questionMaxLength = 2_000;
/** Room for thoughts and a name, because a model may think for longer than a name is worth. */
const titleMaxTokens = 1_000;

interface TitleRequest {
  readonly languageModel: LanguageModel;
  /** The chat's first message, as text. */
  readonly question: string;
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * Asks the model for a short title. Never throws.
 *
 * @returns null when the model fails, takes longer than 10 seconds, is aborted, or writes nothing
 *   that can be a title
 */
export async function generateTitle(request: TitleRequest): Promise<string | null> {
  const timeout = AbortSignal.timeout(titleTimeoutMs);
  try {
    const { text } = await generateText({
      model: request.languageModel,
      instructions: titleInstructions,
      prompt: cutText(request.question, questionMaxLength),
      // The lowest level that every model in the catalogue supports.
      reasoning: "low",
      maxOutputTokens: titleMaxTokens,
      maxRetries: 0,
      experimental_download: refuseDownloads,
      abortSignal: request.abortSignal ? AbortSignal.any([request.abortSignal, timeout]) : timeout,
    });
    return cleanTitle(text);
  } catch {
    return null;
  }
}
