/**
 * Rebuilds an answer's message from its log with the AI SDK's own reader, as the browser does: both
 * get the same message from the same chunks.
 */
import { readUIMessageStream, type UIMessage } from "ai";
import { joinDataDeltas } from "../../../contracts/data-deltas.ts";
import type { MessageData } from "../../../contracts/message-parts.ts";
import { type Chunk, mergeDeltas } from "./chunks.ts";

/** A message with the contract's data parts. */
export type Message = UIMessage<unknown, MessageData>;

export type Part = Message["parts"][number];

/**
 * @param chunks an answer's chunks from the first one, with or without an end
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
    // A chunk that cannot be applied ends the message. The parts before it stay.
    terminateOnError: false,
    onError: () => undefined,
  })) {
    message = state;
  }
  return (message?.parts ?? []).map(closePart);
}

/** Marks a part as done that was cut off, because it will not grow any more. */
function closePart(part: Part): Part {
  if ((part.type === "text" || part.type === "reasoning") && part.state === "streaming") {
    return { ...part, state: "done" };
  }
  return part;
}
