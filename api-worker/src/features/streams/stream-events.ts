/** Server-sent events of an open stream: each data event is followed by the reader's position. */
import { encodeBase64 } from "@oslojs/encoding";
import { formatOffset } from "./offset.ts";

export interface Control {
  readonly nextOffset: number;
  /** Left out at the end of a closed stream. */
  readonly cursor: string;
  readonly isUpToDate: boolean;
  /** Whether the reader is at the end of a closed stream. */
  readonly isClosed: boolean;
}

const encoder = new TextEncoder();

/**
 * Encodes one write to a reader: the data event, if there is data, and its control event.
 *
 * @param data null when only the position is sent
 */
export function encodeEvents(data: string | null, control: Control): Uint8Array {
  const { nextOffset, cursor, isUpToDate, isClosed } = control;
  const fields = {
    streamNextOffset: formatOffset(nextOffset),
    ...(isClosed
      ? { streamClosed: true }
      : { streamCursor: cursor, ...(isUpToDate && { upToDate: true }) }),
  };
  const dataEvent = data === null ? "" : encodeEvent("data", data);
  return encoder.encode(dataEvent + encodeEvent("control", JSON.stringify(fields)));
}

/** Every line break in the payload starts another `data:` line, so none can end the event early. */
function encodeEvent(type: string, payload: string): string {
  const lines = payload.split(/\r\n|\r|\n/).map((line) => `data:${line}`);
  return `event: ${type}\n${lines.join("\n")}\n\n`;
}

export function encodeBytes(bytes: Uint8Array): string {
  return encodeBase64(bytes);
}

/**
 * Counts the bytes at the end that begin a UTF-8 character but do not complete it.
 *
 * @returns 0 to 3
 */
export function unfinishedLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? back : 0;
  }
  return 0;
}

function sequenceLength(firstByte: number): number {
  if (firstByte >= 0xf0) return 4;
  return firstByte >= 0xe0 ? 3 : 2;
}
