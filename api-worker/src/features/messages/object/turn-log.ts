import type { BlockLog } from "../../../platform/block-log.ts";
import type { Chunk } from "../turn/chunks.ts";

/** Characters that are read at once. */
const readLength = 256 * 1024;

/** The chunks of a turn from its log, read as they are asked for: a long log is never held whole. */
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
