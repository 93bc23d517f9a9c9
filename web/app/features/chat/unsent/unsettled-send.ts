import { v7 as uuidv7 } from "uuid";
import { isUnsettled } from "../../../lib/error-text.ts";
import type { FilePart } from "../../messages/message.ts";
import type { SendError } from "../../messages/stream/chat-transport.ts";
import type { UnsentMessage, UnsentMessages } from "./unsent-messages.ts";

/**
 * Remembers a message that may have arrived although no response came, also over a reload. If the
 * same text is sent again with the same files, it keeps its id, so that the worker recognises it.
 */
export class UnsettledSend {
  readonly #store: UnsentMessages | undefined;
  #message: { readonly id: string; readonly content: string } | null = null;

  constructor(store: UnsentMessages | undefined) {
    this.#store = store;
  }

  /** The id for a message with this text and these files. */
  idFor(text: string, files: readonly FilePart[] = []): string {
    const known = this.#message ?? parse(this.#store?.readUnsettled());
    const isAgain = known?.content === contentOf(text, files);
    return (isAgain && known?.id) || uuidv7();
  }

  /** Notes a failed send. The message is remembered only if it may have arrived. */
  noteFailed({ messageId: id, text, files, cause }: SendError): void {
    if (isUnsettled(cause)) this.note({ id, text, files });
    else this.forget();
  }

  /** Notes that a message goes back to the composer, and may have arrived. */
  note({ id, text, files }: Pick<UnsentMessage, "id" | "text" | "files">): void {
    this.#message = { id, content: contentOf(text, files) };
    this.#store?.writeUnsettled(JSON.stringify(this.#message));
  }

  /** Forgets the message once a turn has begun, which settles earlier sends. */
  forget(): void {
    this.#message = null;
    this.#store?.writeUnsettled(null);
  }
}

/** A key that is equal for the same text with the same files. */
function contentOf(text: string, files: readonly FilePart[]): string {
  return JSON.stringify([text, ...files.map(({ url }) => url)]);
}

function parse(stored: string | null | undefined): { id: string; content: string } | null {
  try {
    const value: unknown = JSON.parse(stored ?? "null");
    if (typeof value !== "object" || value === null) return null;
    const { id, content } = value as Record<string, unknown>;
    return typeof id === "string" && typeof content === "string" ? { id, content } : null;
  } catch {
    return null;
  }
}
