/**
 * Data parts that are written in pieces. Each chunk of such a part has an id, and in its data a
 * string `delta`, which goes on where the one before it ended. The AI SDK knows deltas of text
 * alone: of two data chunks with one id, the later replaces the earlier. So before a message is built
 * from chunks, each of them gets the whole of what was said so far.
 *
 * Imports nothing: the browser loads it with the first answer.
 */

interface SomeChunk {
  readonly type: string;
}

/** A chunk that goes on with the data part of the same type and id. */
export interface DataDelta {
  readonly type: `data-${string}`;
  readonly id: string;
  readonly data: { readonly delta: string };
}

/** Whether a chunk is a piece of a data part. */
export function isDataDelta<Chunk extends SomeChunk>(chunk: Chunk): chunk is Chunk & DataDelta {
  if (!chunk.type.startsWith("data-")) return false;
  const { id, data } = chunk as { id?: unknown; data?: { delta?: unknown } | null } & Chunk;
  return typeof id === "string" && typeof data?.delta === "string";
}

/**
 * Makes each piece of a data part the whole of it so far. For the chunks of one turn, in order,
 * from the first.
 *
 * @returns a function from each chunk to what the AI SDK is given; only pieces are changed
 */
export function joinDataDeltas<Chunk extends SomeChunk>(): (chunk: Chunk) => Chunk {
  const wholes = new Map<string, string>();
  return (chunk) => {
    if (!isDataDelta(chunk)) return chunk;
    const key = `${chunk.type} ${chunk.id}`;
    const delta = (wholes.get(key) ?? "") + chunk.data.delta;
    wholes.set(key, delta);
    return { ...chunk, data: { ...chunk.data, delta } };
  };
}
