import type { ChatTransport, UIMessageChunk } from "ai";
import type { SendOutput } from "api-worker/contracts";
import { type ChatMessage, type FilePart, filesOf, messageText } from "../message.ts";
import type { MessagesPort } from "./messages-port.ts";
import { sendRequest, startTurn } from "./start-turn.ts";
import { openTurn } from "./turn-reader.ts";

/** A message that the worker refused, or may not have received. */
export class SendError extends Error {
  override readonly name = "SendError";
  readonly messageId: string;
  readonly text: string;
  readonly files: readonly FilePart[];

  constructor(message: ChatMessage, cause: unknown) {
    super("The message was not sent.", { cause });
    this.messageId = message.id;
    this.text = messageText(message);
    this.files = filesOf(message);
  }
}

export interface ChatTransportOptions {
  readonly port: Pick<MessagesPort, "start" | "subscribe">;
  /** Called when the worker has accepted a message, before the first chunk of its answer. */
  readonly onTurnStarted?: (turn: SendOutput) => void;
  /** Called when the connection to an answer has been gone for a second, and when it is back. */
  readonly onConnectionGone?: (isGone: boolean) => void;
}

/**
 * The AI SDK's transport over `messages.send` and `messages.stream`.
 *
 * Aborting either stream only stops reading; only `messages.stop` ends an answer.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/transport
 */
export class TrpcChatTransport implements ChatTransport<ChatMessage> {
  /** A resumed answer is replayed from its first chunk and replaces the shown part. */
  readonly resumeStreamIsReplay = true;
  readonly #options: ChatTransportOptions;

  constructor(options: ChatTransportOptions) {
    this.#options = options;
  }

  /**
   * Sends the last message and reads its answer.
   *
   * @throws SendError when the message was refused or could not be delivered
   */
  sendMessages: ChatTransport<ChatMessage>["sendMessages"] = async ({
    chatId,
    messages,
    abortSignal,
    body,
  }) => {
    const message = messages.at(-1);
    if (message?.role !== "user") throw new TypeError("Only a message of the user can be sent.");
    const parentId = messages.at(-2)?.id;
    const modelId = (body as { modelId?: string } | undefined)?.modelId;
    let turn: SendOutput;
    try {
      turn = await startTurn(this.#options.port, sendRequest(chatId, message, parentId, modelId));
    } catch (error) {
      throw new SendError(message, error);
    }
    this.#options.onTurnStarted?.(turn);
    return openTurn(
      this.#options.port,
      { chatId, streamId: turn.streamId },
      { signal: abortSignal, isExpected: true, onConnectionGone: this.#options.onConnectionGone },
    ).chunks;
  };

  /**
   * Reads an answer from its first chunk: that of turn `metadata.streamId`, or of the live turn.
   *
   * @returns null when there is no such turn
   * @throws TurnLostError when the turn cannot be reached
   */
  reconnectToStream: ChatTransport<ChatMessage>["reconnectToStream"] = async ({
    chatId,
    abortSignal,
    metadata,
  }): Promise<ReadableStream<UIMessageChunk> | null> => {
    const streamId = (metadata as { streamId?: string } | undefined)?.streamId;
    const turn = openTurn(
      this.#options.port,
      { chatId, ...(streamId !== undefined && { streamId }) },
      { signal: abortSignal, isExpected: false, onConnectionGone: this.#options.onConnectionGone },
    );
    return (await turn.hasBegun) ? turn.chunks : null;
  };
}
