import { v7 as uuidv7 } from "uuid";
import { isUnsettled } from "../../../lib/error-text.ts";
import type { FilePart } from "../../messages/message.ts";
import type { SendError } from "../../messages/stream/chat-transport.ts";

/**
 * Remembers a message that may have arrived although no answer came. When the same text is sent
 * again with the same files, it keeps its id, so that the worker recognises it.
 */
export class UnsettledSend {
  #message: { readonly id: string; readonly content: string } | null = null;

  /** The id for a message with this text and these files. */
  idFor(text: string, files: readonly FilePart[] = []): string {
    const isAgain = this.#message?.content === contentOf(text, files);
    return (isAgain && this.#message?.id) || uuidv7();
  }

  /** Takes note of a message that was not sent, or of which nothing is known. */
  noteFailed({ messageId: id, text, files, cause }: SendError): void {
    this.#message = isUnsettled(cause) ? { id, content: contentOf(text, files) } : null;
  }

  /** A turn has begun: whatever was sent before it has been settled. */
  forget(): void {
    this.#message = null;
  }
}

/** The same for the same text with the same files. */
function contentOf(text: string, files: readonly FilePart[]): string {
  return JSON.stringify([text, ...files.map(({ url }) => url)]);
}
