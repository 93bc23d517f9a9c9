/**
 * The readers of one turn. Each pulls from the log at its own pace, so none holds memory for
 * another's slowness; one that falls far behind is let go, and comes back with its last id.
 */
import type { Block } from "../../platform/block-log.ts";
import { type Chunk, mergeDeltas } from "./chunks.ts";
import { encodeLine } from "./turn-protocol.ts";

/** A reader that has this many characters waiting without reading is dropped. */
export const readerLagMaxLength = 256 * 1024;
/** One event carries about this many characters at most when a reader catches up. */
const eventMaxLength = 128 * 1024;

/** What readers may see of a turn. */
export interface TurnSource {
  /** Last item that is safely on disk: nobody is shown more. */
  durableSeq(): number;
  /** Number of the chunk that ended the turn; null while it lives. */
  terminalSeq(): number | null;
  read(afterSeq: number, untilSeq: number, maxLength: number): Block[];
}

interface Reader {
  /** Resolves a pull that waits for more; null while the reader is busy elsewhere. */
  wake: (() => void) | null;
  unreadLength: number;
  drop(): void;
}

export class TurnReaders {
  readonly #source: TurnSource;
  readonly #readers = new Set<Reader>();

  constructor(source: TurnSource) {
    this.#source = source;
  }

  /**
   * Tells every reader that there is more on disk.
   *
   * @param length characters that were added
   */
  wake(length: number): void {
    for (const reader of this.#readers) {
      if (reader.wake) {
        reader.wake();
        continue;
      }
      reader.unreadLength += length;
      if (reader.unreadLength > readerLagMaxLength) reader.drop();
    }
  }

  /** Ends all readers without an end of the answer: they read on elsewhere, or come back. */
  dropAll(): void {
    for (const reader of this.#readers) reader.drop();
  }

  /**
   * A byte stream of lines (see `turn-protocol.ts`) with everything after `afterSeq`, until the
   * turn's terminal chunk.
   *
   * @param afterSeq last chunk that the reader has; -1 for a replay, in which neighbouring deltas
   *   are merged until the reader has caught up
   */
  open(afterSeq: number): ReadableStream {
    let position = afterSeq;
    let isReplaying = afterSeq < 0;
    let isClosed = false;
    const source = this.#source;
    const readers = this.#readers;

    const close = (controller: ReadableByteStreamController) => {
      if (isClosed) return;
      isClosed = true;
      readers.delete(reader);
      reader.wake?.();
      controller.close();
      controller.byobRequest?.respond(0);
    };
    const reader: Reader = { wake: null, unreadLength: 0, drop: () => undefined };

    return new ReadableStream({
      type: "bytes",
      start: (controller) => {
        reader.drop = () => close(controller);
        readers.add(reader);
      },
      async pull(controller) {
        reader.unreadLength = 0;
        while (!isClosed) {
          const blocks = source.read(position, source.durableSeq(), eventMaxLength);
          const last = blocks.at(-1);
          if (last) {
            const isLast = last.lastSeq === source.terminalSeq();
            const chunks = joinBlocks(blocks, position, isReplaying);
            position = last.lastSeq;
            controller.enqueue(encodeLine(position, isLast, chunks));
            if (isLast) close(controller);
            return;
          }
          isReplaying = false;
          if (source.terminalSeq() !== null) return close(controller);
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
          reader.wake = null;
        }
      },
      cancel() {
        isClosed = true;
        readers.delete(reader);
        reader.wake?.();
      },
    });
  }
}

/** The items after `afterSeq` as JSON text of one array; without parsing where that can be. */
function joinBlocks(blocks: readonly Block[], afterSeq: number, isMerged: boolean): string {
  const [first] = blocks;
  if (blocks.length === 1 && first && first.firstSeq > afterSeq) return first.items;
  const chunks = blocks.flatMap((block) => {
    const items = JSON.parse(block.items) as Chunk[];
    return block.firstSeq > afterSeq ? items : items.slice(afterSeq + 1 - block.firstSeq);
  });
  return JSON.stringify(isMerged ? mergeDeltas(chunks) : chunks);
}
