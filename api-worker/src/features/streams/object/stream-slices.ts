/** Pieces of an open stream's log, cut to the size of responses and events. */
import { streamLimits } from "../../../contracts/streams.ts";
import { type BlockLog, rowCostBytes } from "../../../platform/block-log.ts";
import { encodeBytes, unfinishedLength } from "../stream-events.ts";
import { isJsonType, isTextType, type Page } from "../stream-protocol.ts";
import type { Slice } from "./stream-readers.ts";

/** One event carries about this many bytes at most. */
const eventMaxBytes = 128 * 1024;

interface Stream {
  readonly streamId: string;
  readonly contentType: string;
}

/** The end of what readers may see. */
interface Horizon {
  readonly nextOffset: number;
  readonly isClosed: boolean;
}

const encoder = new TextEncoder();

/** Reads one page of a response. */
export function readPage(
  log: BlockLog,
  stream: Stream,
  offset: number,
  horizon: Pick<Horizon, "nextOffset">,
): Page {
  const { pageMaxBytes } = streamLimits;
  if (isJsonType(stream.contentType)) {
    const { items, nextOffset } = readItems(log, stream, offset, horizon, pageMaxBytes);
    return { body: encoder.encode(items), nextOffset };
  }
  const run = log.readBytes(stream.streamId, offset, horizon.nextOffset - 1, pageMaxBytes);
  return { body: run.bytes, nextOffset: run.lastSeq + 1 };
}

/** Reads what one event carries, from `offset` on. */
export function readSlice(log: BlockLog, stream: Stream, offset: number, horizon: Horizon): Slice {
  if (isJsonType(stream.contentType)) {
    const { items, nextOffset } = readItems(log, stream, offset, horizon, eventMaxBytes);
    const data = nextOffset > offset ? `[${items}]` : null;
    return { data, ...standing(nextOffset, horizon) };
  }
  const run = log.readBytes(stream.streamId, offset, horizon.nextOffset - 1, eventMaxBytes);
  const nextOffset = run.lastSeq + 1;
  if (!isTextType(stream.contentType)) {
    const data = nextOffset > offset ? encodeBytes(run.bytes) : null;
    return { data, ...standing(nextOffset, horizon) };
  }
  return cutText(run.bytes, offset, horizon);
}

/** Cuts text before an incomplete character, unless the stream is closed and nothing will follow. */
function cutText(bytes: Uint8Array, offset: number, horizon: Horizon): Slice {
  const isAll = offset + bytes.length === horizon.nextOffset;
  const isFinal = isAll && horizon.isClosed;
  const length = bytes.length - (isFinal ? 0 : unfinishedLength(bytes));
  const data = length > 0 ? new TextDecoder().decode(bytes.subarray(0, length)) : null;
  const nextOffset = offset + length;
  return { data, nextOffset, isUpToDate: isAll, isEnd: isFinal };
}

function standing(nextOffset: number, horizon: Horizon) {
  const isUpToDate = nextOffset === horizon.nextOffset;
  return { nextOffset, isUpToDate, isEnd: isUpToDate && horizon.isClosed };
}

/** Reads items as JSON texts joined by commas. Parses only a block that starts before `offset`. */
function readItems(
  log: BlockLog,
  { streamId }: Stream,
  offset: number,
  horizon: Pick<Horizon, "nextOffset">,
  maxLength: number,
): { items: string; nextOffset: number } {
  const until = horizon.nextOffset - 1;
  const blocks = log.read(streamId, offset - 1, until, maxLength, rowCostBytes);
  const texts = blocks.map(({ firstSeq, items }) => {
    if (firstSeq >= offset) return items.slice(1, -1);
    const wanted = (JSON.parse(items) as unknown[]).slice(offset - firstSeq);
    return JSON.stringify(wanted).slice(1, -1);
  });
  return { items: texts.join(","), nextOffset: (blocks.at(-1)?.lastSeq ?? offset - 1) + 1 };
}
