import { v7 as uuidv7 } from "uuid";
import { isUnsettled } from "../../../lib/error-text.ts";
import type { FilePart } from "../../messages/message.ts";
import type { SendError } from "../../messages/stream/chat-transport.ts";

/**
 * Remembers a message that may have arrived although no response came. If the same text is sent
 * again with the same files, it keeps its id, so that the worker recognises it.
 */
export class UnsettledSend {
  #message: { readonly id: string; readonly content: string } | null = null;

  /** The id for a message with this text and these files. */
  idFor(text: string, files: readonly FilePart[] = []): string {
    const isAgain = this.#message?.content === contentOf(text, files);
    return (isAgain && this.#message?.id) || uuidv7();
  }

  /** Notes a failed send. The message is remembered only if it may have arrived. */
  noteFailed({ messageId: id, text, files, cause }: SendError): void {
    this.#message = isUnsettled(cause) ? { id, content: contentOf(text, files) } : null;
  }

  /** Forgets the message once a turn has begun, which settles earlier sends. */
  forget(): void {
    this.#message = null;
  }
}

/** A key that is equal for the same text with the same files. */
function contentOf(text: string, files: readonly FilePart[]): string {
  return JSON.stringify([text, ...files.map(({ url }) => url)]);
}
