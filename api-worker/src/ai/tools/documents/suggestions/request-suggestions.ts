import type { ModelMessage } from "ai";
import { limits } from "../../../../contracts/limits.ts";
import { hasSuggestions } from "../../../../contracts/suggestion-kinds.ts";
import { ToolFailure } from "../../tool-failure.ts";
import type { DocumentPart, WriteText } from "../ports.ts";
import { readOrFail } from "../read-or-fail.ts";
import { type CallOptions, type DocumentToolPorts, partOf } from "../write-document.ts";
import { answerMaxLength, parseSuggestions } from "./parse-suggestions.ts";
import { suggestionInstructions } from "./suggestion-instructions.ts";

/** The model gets at most this many characters of a document. */
const readMaxLength = 200_000;

/** What the tool tells the model that called it. */
interface SuggestionsResult {
  readonly documentId: string;
  readonly title: string;
  /** The texts that would be replaced. */
  readonly suggested: readonly string[];
  /** Why other suggestions were dropped. */
  readonly dropped: readonly string[];
  readonly note: string;
}

/**
 * Asks the turn's model for suggestions, and saves those whose text is in the document exactly once.
 *
 * @throws ToolFailure when there are none that can be shown, or they cannot be saved
 */
export async function requestSuggestions(
  { documents, write, emit }: DocumentToolPorts,
  { toolCallId: id, messages, abortSignal }: CallOptions,
  documentId: string,
  instructions: string | undefined,
): Promise<SuggestionsResult> {
  const document = await readOrFail(documents, documentId);
  if (!hasSuggestions(document.kind)) {
    throw new ToolFailure("Suggestions can be made for texts and code only.");
  }
  if (document.content.trim() === "") throw new ToolFailure("The document is empty.");
  const content = document.content.slice(0, readMaxLength);
  const part = { ...partOf(document, "suggest"), version: document.version };
  const show = (state: DocumentPart["state"], suggestionCount: number) =>
    emit({ type: "data-document", id, data: { ...part, state, suggestionCount } });
  show("writing", 0);
  try {
    const task = taskOf(document.title, content, instructions);
    const request = [...messages, { role: "user", content: task } as const];
    const answer = await readAnswer(write, request, (count) => show("writing", count));
    const { suggestions, dropped } = parseSuggestions(answer, document.content);
    if (suggestions.length === 0 && dropped.length > 0) {
      throw new ToolFailure(`No suggestion could be used. ${dropped.join(" ")}`);
    }
    const { version } = document;
    const written = await documents.suggest({ documentId, toolCallId: id, version, suggestions });
    if (written === null) throw new ToolFailure("The document was deleted meanwhile.");
    show("complete", written.count);
    const suggested = suggestions.map(({ original }) => original);
    const isWhole = content.length === document.content.length;
    const note = `The reader sees the suggestions beside the text. Do not repeat them.${isWhole ? "" : " Only the beginning of the document was read."}`;
    return { documentId, title: document.title, suggested, dropped, note };
  } catch (error) {
    if (!abortSignal?.aborted) show("interrupted", 0);
    throw error;
  }
}

/**
 * Reads what the model writes, up to a length.
 *
 * @param onSuggestion called with the number of suggestions so far
 */
async function readAnswer(
  write: WriteText,
  messages: readonly ModelMessage[],
  onSuggestion: (count: number) => void,
): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  let count = 0;
  // The end of what came, which may be the beginning of a mark.
  let tail = "";
  for await (const piece of write({ instructions: suggestionInstructions, messages })) {
    pieces.push(piece);
    length += piece.length;
    if (length > answerMaxLength) break;
    const marks = (tail + piece).split(suggestionMark);
    tail = marks.at(-1)?.slice(1 - suggestionMark.length) ?? "";
    if (marks.length === 1 || count === limits.suggestionsPerCallMax) continue;
    count = Math.min(count + marks.length - 1, limits.suggestionsPerCallMax);
    onSuggestion(count);
  }
  return pieces.join("");
}

/** Each suggestion has this once. */
const suggestionMark = '"proposed"';

function taskOf(title: string, content: string, instructions: string | undefined): string {
  return `This is the document “${title}”:

<document>
${content}
</document>

Suggest improvements of it now. ${instructions ?? "Choose those that help its reader most."}`;
}
