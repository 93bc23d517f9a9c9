import type { UIMessageChunk } from "ai";
import type { MessageListOutput, SendOutput, ToolApproval } from "api-worker/contracts";
import { formatEventId, parseEventId } from "api-worker/contracts/event-id";
import type {
  MessagesPort,
  SendRequest,
  TurnObserver,
  TurnPosition,
  TurnRequest,
} from "../stream/messages-port.ts";

/** A connection whose worker side is played by the test. */
export interface FakeConnection {
  readonly position: TurnPosition;
  readonly observer: TurnObserver;
  isOpen: boolean;
}

/** An in-memory worker for tests: it records requests, and the test decides the responses. */
export class FakePort implements MessagesPort {
  readonly sent: SendRequest[] = [];
  readonly continued: { chatId: string; messageId: string }[] = [];
  readonly approved: ToolApproval[][] = [];
  readonly stopped: { chatId: string; streamId: string }[] = [];
  readonly connections: FakeConnection[] = [];
  /** Called for each request to send; throw to fail it. */
  onSend: (request: SendRequest) => SendOutput | Promise<SendOutput> = ({ chatId }) => ({
    chatId,
    streamId: "turn-1",
    assistantMessageId: "answer-1",
  });
  /** Called for each new connection. */
  onConnect: (connection: FakeConnection) => void = () => {};
  onList: (cursor: string | undefined) => MessageListOutput | Promise<MessageListOutput> = () => ({
    items: [],
    nextCursor: null,
  });
  /** Called for each request to continue; throw to fail it. */
  onContinue: () => SendOutput | Promise<SendOutput> = () => ({
    chatId: "chat-1",
    streamId: "turn-2",
    assistantMessageId: "answer-1",
  });
  /** Called for each request to regenerate or approve; throw to fail it. */
  onBegin: () => SendOutput | Promise<SendOutput> = () => ({
    chatId: "chat-1",
    streamId: "turn-2",
    assistantMessageId: "answer-2",
  });
  /** Called for each `selectBranch`; throw to fail it. */
  onSelect: (messageId: string) => void = () => {};
  onStop: () => void = () => {};

  async start({ kind, input }: TurnRequest): Promise<SendOutput> {
    switch (kind) {
      case "send":
        this.sent.push(input);
        return this.onSend(input);
      case "continue":
        this.continued.push(input);
        return this.onContinue();
      case "regenerate":
        return this.onBegin();
      case "approve":
        this.approved.push(input.approvals);
        return this.onBegin();
    }
  }

  subscribe(position: TurnPosition, observer: TurnObserver): () => void {
    const connection = { position, observer, isOpen: true };
    this.connections.push(connection);
    queueMicrotask(() => this.onConnect(connection));
    return () => {
      connection.isOpen = false;
    };
  }

  async selectBranch({ messageId }: { chatId: string; messageId: string }): Promise<void> {
    this.onSelect(messageId);
  }

  async stop(turn: { chatId: string; streamId: string }): Promise<void> {
    this.stopped.push(turn);
    this.onStop();
  }

  async list({ cursor }: { chatId: string; cursor?: string }): Promise<MessageListOutput> {
    return this.onList(cursor);
  }
}

/** The chunks of a whole answer, one for each word. */
export function answerChunks(
  words: readonly string[],
  status = "complete",
  streamId = "turn-1",
): UIMessageChunk[] {
  return [
    {
      type: "start",
      messageId: "answer-1",
      messageMetadata: { status: "streaming", streamId, parentId: "question-1" },
    },
    { type: "text-start", id: "text" },
    ...words.map((delta): UIMessageChunk => ({ type: "text-delta", id: "text", delta })),
    { type: "text-end", id: "text" },
    { type: "finish", messageMetadata: { status } },
  ];
}

/** Sends `chunks[from..to]` to a connection, one chunk per event. */
export function play(
  { observer }: FakeConnection,
  chunks: readonly UIMessageChunk[],
  { from = 0, to = chunks.length, streamId = "turn-1" } = {},
): void {
  chunks.slice(from, to).forEach((chunk, index) => {
    observer.onEvent(formatEventId({ streamId, seq: from + index }), [chunk]);
  });
}

/** The number of the first chunk that a connection asks for. */
export function nextSeq({ position }: FakeConnection): number {
  return (parseEventId(position.lastEventId ?? "")?.seq ?? -1) + 1;
}
