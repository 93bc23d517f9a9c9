/**
 * From the log of an answer to its message, by the AI SDK's own reader: the browser builds the
 * same message from the same chunks.
 */
import { readUIMessageStream, type UIMessage } from "ai";
import { type Chunk, mergeDeltas } from "./chunks.ts";

export type Part = UIMessage["parts"][number];

/**
 * @param chunks an answer's chunks from the first on, with or without an end
 * @returns the message's parts, each marked as done
 */
export async function rebuildParts(chunks: Iterable<Chunk>): Promise<Part[]> {
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of mergeDeltas(chunks)) controller.enqueue(chunk);
      controller.close();
    },
  });
  let message: UIMessage | undefined;
  for await (const state of readUIMessageStream<UIMessage>({
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
