/**
 * From the log of an answer to its message, by the AI SDK's own reader: the browser builds the
 * same message from the same chunks.
 */
import { readUIMessageStream, type UIMessage } from "ai";
import { joinDataDeltas } from "../../../contracts/data-deltas.ts";
import type { MessageData } from "../../../contracts/message-parts.ts";
import { type Chunk, mergeDeltas } from "./chunks.ts";

/** A message with the data parts that the contract has. */
export type Message = UIMessage<unknown, MessageData>;

export type Part = Message["parts"][number];

/**
 * @param chunks an answer's chunks from the first on, with or without an end
 * @returns the message's parts, each marked as done
 */
export async function rebuildParts(chunks: Iterable<Chunk>): Promise<Part[]> {
  const join = joinDataDeltas<Chunk>();
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of mergeDeltas(chunks)) controller.enqueue(join(chunk));
      controller.close();
    },
  });
  let message: Message | undefined;
  for await (const state of readUIMessageStream<Message>({
    stream: stream as ReadableStream<never>,
    // A chunk that cannot be applied ends the message there; what came before it stays.
    terminateOnError: false,
    onError: () => undefined,
  })) {
    message = state;
  }
  return (message?.parts ?? []).map(closePart);
}

/** A part that was cut off in the middle is as done as it will ever be. */
function closePart(part: Part): Part {
  if ((part.type === "text" || part.type === "reasoning") && part.state === "streaming") {
    return { ...part, state: "done" };
  }
  return part;
}
