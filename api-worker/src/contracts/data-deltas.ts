/**
 * Data parts that are written in pieces. Each chunk of such a part has an id, and its data has a
 * string `delta`, which continues the one before it. The AI SDK knows deltas of text only: of two
 * data chunks with one id, the later replaces the earlier. So before a message is built from
 * chunks, each of them gets the whole text so far. Imports nothing, because the browser loads it
 * with the first answer.
 */

interface SomeChunk {
  readonly type: string;
}

/** A chunk that continues the data part with the same type and id. */
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
 * Replaces each piece of a data part by the whole part so far. For the chunks of one turn, in
 * order, from the first.
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
