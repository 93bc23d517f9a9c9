import type { ModelMessage } from "ai";
import type { DocumentKind } from "../../../contracts/documents.ts";
import type { DataChunk } from "../../../contracts/message-parts.ts";
import { ToolFailure } from "../tool-failure.ts";
import { type WrittenKindName, writtenKinds } from "./kinds.ts";
import type {
  DocumentPart,
  DocumentPorts,
  DrawPicture,
  WriteText,
  WrittenVersion,
} from "./ports.ts";

/** What the tools of documents need of the turn that calls them. */
export interface DocumentToolPorts {
  readonly documents: DocumentPorts;
  readonly write: WriteText;
  readonly draw: DrawPicture;
  readonly emit: (chunk: DataChunk) => void;
}

/** What a tool tells the model of a document. */
export interface DocumentResult {
  readonly documentId: string;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly version: number;
  /** What the model should know beside that. */
  readonly note: string;
}

/** The options of a call that the AI SDK passes. */
export interface CallOptions {
  readonly toolCallId: string;
  readonly messages: readonly ModelMessage[];
  readonly abortSignal?: AbortSignal | undefined;
}

export type NewPart = Omit<DocumentPart, "state" | "version">;

/**
 * Lets the model write a document's whole content, which is shown as it comes, and saves it. When
 * the answer ends before that, the end of the turn saves what was written.
 *
 * @param task the last message for the model that writes
 * @throws ToolFailure when the model wrote nothing, or the document was deleted meanwhile
 */
export async function writeDocument(
  { documents, write, emit }: DocumentToolPorts,
  options: CallOptions,
  part: NewPart & { readonly kind: WrittenKindName },
  task: string,
): Promise<DocumentResult> {
  const { toolCallId: id, abortSignal } = options;
  const show = (change: Pick<DocumentPart, "state" | "version">) =>
    emit({ type: "data-document", id, data: { ...part, ...change } });
  show({ state: "writing", version: null });
  const { instructions, clean } = writtenKinds[part.kind];
  const messages: ModelMessage[] = [...options.messages, { role: "user", content: task }];
  let content = "";
  let failure: unknown = null;
  try {
    for await (const delta of clean(write({ instructions, messages }))) {
      content += delta;
      emit({ type: "data-document-text", id, data: { delta } });
    }
  } catch (error) {
    if (abortSignal?.aborted) throw error;
    failure = error;
  }
  if (content === "") {
    show({ state: "deleted", version: null });
    throw failure ?? new ToolFailure("The model wrote nothing.");
  }
  const status = failure === null ? "complete" : "interrupted";
  show({ state: status, version: null });
  const { documentId, kind, title, language, action, baseVersion } = part;
  const created = action === "create" ? { kind, title, language } : null;
  const ids = { documentId, created, toolCallId: id };
  const written = await documents.write({ ...ids, content, status, baseVersion });
  if (written === null) {
    show({ state: "deleted", version: null });
    throw new ToolFailure("The document was deleted while it was written.");
  }
  show({ state: status, version: written.version });
  const note =
    failure === null
      ? "The reader sees the document. Do not repeat its content."
      : "The writing broke off. What was written is kept.";
  return resultOf(part, written, note);
}

/** What a tool tells the model of a version that it has written. */
export function resultOf(
  { documentId, title, kind }: Pick<DocumentPart, "documentId" | "title" | "kind">,
  { number }: WrittenVersion,
  note: string,
): DocumentResult {
  return { documentId, title, kind, version: number, note };
}

/** The data of a part that shows a document that exists. */
export function partOf(
  document: {
    readonly id: string;
    readonly kind: DocumentKind;
    readonly title: string;
    readonly language: string | null;
    readonly version: number;
  },
  action: DocumentPart["action"],
): NewPart {
  const { id: documentId, kind, title, language, version: baseVersion } = document;
  return { documentId, kind, title, language, action, baseVersion };
}
