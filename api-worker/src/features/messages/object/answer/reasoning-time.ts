import type { ProviderMetadata } from "ai";
import type { Chunk } from "../../turn/chunks.ts";

/**
 * Adds to each reasoning part how long it took, as `providerMetadata.alleato.durationMs`. Stored
 * there because it must outlive the stream, and the AI SDK keeps no other field of a part.
 *
 * @param now epoch milliseconds
 * @returns a function from each chunk of the model to the chunk with its duration
 */
export function timeReasoning(now: () => number): (chunk: Chunk) => Chunk {
  const thoughts = new Map<string, { startedAt: number; metadata: ProviderMetadata | undefined }>();
  return (chunk) => {
    if (chunk.type === "reasoning-start") {
      thoughts.set(chunk.id, { startedAt: now(), metadata: chunk.providerMetadata });
    } else if (chunk.type === "reasoning-delta") {
      const thought = thoughts.get(chunk.id);
      if (thought && chunk.providerMetadata) thought.metadata = chunk.providerMetadata;
    } else if (chunk.type === "reasoning-end") {
      const thought = thoughts.get(chunk.id);
      if (!thought) return chunk;
      thoughts.delete(chunk.id);
      const own = { alleato: { durationMs: now() - thought.startedAt } };
      // The end's metadata replaces earlier metadata, so it must include the provider's.
      const theirs = chunk.providerMetadata ?? thought.metadata;
      return { ...chunk, providerMetadata: { ...theirs, ...own } };
    }
    return chunk;
  };
}
