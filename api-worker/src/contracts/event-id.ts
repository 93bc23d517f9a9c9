/**
 * The id of an event of `messages.stream`: `streamId:seq`, the turn and the number of the last chunk
 * in the event. What the reader hands back as `lastEventId` to read on from there. Imports nothing.
 */
export interface EventId {
  readonly streamId: string;
  /** Chunks are numbered from 0. */
  readonly seq: number;
}

export function formatEventId({ streamId, seq }: EventId): string {
  return `${streamId}:${seq}`;
}

/** @returns null for something that is not the id of an event */
export function parseEventId(text: string): EventId | null {
  const [, streamId, seq] = /^(.+):(\d{1,9})$/.exec(text) ?? [];
  return streamId === undefined || seq === undefined ? null : { streamId, seq: Number(seq) };
}
