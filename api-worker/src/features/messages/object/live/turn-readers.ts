/**
 * The readers of one turn. Each pulls from the log at its own pace, so a slow one costs no memory.
 * A reader that falls far behind is disconnected, and reconnects with its last id.
 */
import type { Block, BlockLog } from "../../../../platform/block-log.ts";
import { type Chunk, mergeDeltas } from "../../turn/chunks.ts";
import {
  encodeLine,
  type ReadResult,
  type ReadShape,
  type TurnPage,
} from "../../turn/turn-protocol.ts";

/** A reader with more unread characters than this is disconnected. */
export const readerLagMaxLength = 256 * 1024;
/** An event for a reader that is catching up carries about this many characters at most. */
const eventMaxLength = 128 * 1024;

/** The part of a turn that readers may see. */
export interface TurnSource {
  /** The last durable chunk. Readers see nothing after it. */
  durableSeq(): number;
  /** Number of the chunk that ended the turn; null while it is live. */
  terminalSeq(): number | null;
  read(afterSeq: number, untilSeq: number, maxLength: number): Block[];
  /**
   * Everything up to `durableSeq`, merged, as the JSON text of an array; null when it is not in
   * memory.
   */
  replay?(): string | null;
}

interface Reader {
  /** Resolves a waiting pull; null while the reader is not waiting. */
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
   * Tells every reader that there is more to read.
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

  /** How many read now. */
  get count(): number {
    return this.#readers.size;
  }

  /** Disconnects all readers without ending the answer. They reconnect or read elsewhere. */
  dropAll(): void {
    for (const reader of this.#readers) reader.drop();
  }

  /**
   * Reads in the requested shape.
   *
   * @param afterSeq like that of {@link open}
   */
  read(turnId: string, afterSeq: number, shape: ReadShape): ReadResult {
    const page = shape === "page" ? this.page(afterSeq) : null;
    if (page) return { kind: "page", streamId: turnId, page };
    return { kind: "stream", streamId: turnId, stream: this.open(afterSeq) };
  }

  /**
   * Everything after `afterSeq` so far; null when there is nothing, or more than fits in one event.
   *
   * @param afterSeq like that of {@link open}
   */
  page(afterSeq: number): TurnPage | null {
    const lastSeq = this.#source.durableSeq();
    const replay = afterSeq < 0 && lastSeq >= 0 && this.#source.replay?.();
    if (replay) {
      const isLast = lastSeq === this.#source.terminalSeq();
      return { lastSeq, isLast, chunks: replay };
    }
    const page = readPage(this.#source, afterSeq, afterSeq < 0);
    return page?.lastSeq === lastSeq ? page : null;
  }

  /**
   * Opens a byte stream of lines (see `turn-protocol.ts`) with everything after `afterSeq`, up to
   * the turn's terminal chunk.
   *
   * @param afterSeq last chunk that the reader has; -1 for a replay, which merges neighbouring
   *   deltas until the reader has caught up
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
          const page = readPage(source, position, isReplaying);
          if (page) {
            position = page.lastSeq;
            controller.enqueue(encodeLine(page));
            if (page.isLast) close(controller);
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

/**
 * Reads a turn that has ended, in the requested shape.
 *
 * @param afterSeq like that of {@link TurnReaders.open}
 */
export function readEnded(
  log: BlockLog,
  turnId: string,
  afterSeq: number,
  shape: ReadShape,
): ReadResult {
  const lastSeq = log.lastSeq(turnId);
  if (lastSeq < 0) return { kind: "unknown" };
  if (afterSeq > lastSeq) return { kind: "past-end" };
  if (afterSeq === lastSeq) return { kind: "whole" };
  const readers = new TurnReaders({
    durableSeq: () => lastSeq,
    terminalSeq: () => lastSeq,
    read: (from, until, maxLength) => log.read(turnId, from, until, maxLength),
  });
  return readers.read(turnId, afterSeq, shape);
}

/** Reads what fits in one event, from after `afterSeq`; null when there is nothing. */
function readPage(source: TurnSource, afterSeq: number, isMerged: boolean): TurnPage | null {
  const durableSeq = source.durableSeq();
  if (afterSeq >= durableSeq) return null;
  const blocks = source.read(afterSeq, durableSeq, eventMaxLength);
  const last = blocks.at(-1);
  if (!last) return null;
  return {
    lastSeq: last.lastSeq,
    isLast: last.lastSeq === source.terminalSeq(),
    chunks: joinBlocks(blocks, afterSeq, isMerged),
  };
}

/** The items after `afterSeq` as the JSON text of one array. Parses only where it must. */
function joinBlocks(blocks: readonly Block[], afterSeq: number, isMerged: boolean): string {
  if (isMerged) {
    // A reader may stand in the middle of a row that has grown since.
    const chunks = blocks.flatMap(({ firstSeq, items }) =>
      (JSON.parse(items) as Chunk[]).slice(Math.max(0, afterSeq + 1 - firstSeq)),
    );
    return JSON.stringify(mergeDeltas(chunks));
  }
  const texts = blocks.map(({ firstSeq, items }) => {
    if (firstSeq > afterSeq) return items;
    return JSON.stringify((JSON.parse(items) as Chunk[]).slice(afterSeq + 1 - firstSeq));
  });
  // Joins the arrays' texts into one array. None of them is empty.
  return texts.length === 1
    ? (texts[0] ?? "[]")
    : `[${texts.map((text) => text.slice(1, -1)).join()}]`;
}
