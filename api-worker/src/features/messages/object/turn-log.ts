import type { BlockLog } from "../../../platform/block-log.ts";
import type { Chunk } from "../turn/chunks.ts";

/** Characters per read. */
const readLength = 256 * 1024;

/**
 * Reads the chunks of a turn from its log lazily, so that a long log is never completely in memory.
 */
export function* readChunks(log: BlockLog, turnId: string): Generator<Chunk> {
  let afterSeq = -1;
  for (;;) {
    const blocks = log.read(turnId, afterSeq, Number.MAX_SAFE_INTEGER, readLength);
    if (blocks.length === 0) return;
    for (const block of blocks) {
      afterSeq = block.lastSeq;
      yield* JSON.parse(block.items) as Chunk[];
    }
  }
}
