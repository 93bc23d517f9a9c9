import type { ProviderMetadata } from "ai";
import type { Chunk } from "../../turn/chunks.ts";

/**
 * Notes with each thought how long it took, as `providerMetadata.alleato.durationMs` of its part.
 * There, because it has to outlive the stream, and the AI SDK keeps nothing else with a part.
 *
 * @param now epoch ms
 * @returns a function from each chunk of the model to the chunk with its time
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
      // The end's metadata replace the ones before: the provider's have to be among them.
      const theirs = chunk.providerMetadata ?? thought.metadata;
      return { ...chunk, providerMetadata: { ...theirs, ...own } };
    }
    return chunk;
  };
}
