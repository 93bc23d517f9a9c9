/**
 * The id of an event of `messages.stream`: `streamId:seq`, the turn and the number of the event's
 * last chunk. A reader sends it as `lastEventId` to continue from there. Imports nothing.
 */
export interface EventId {
  readonly streamId: string;
  /** Chunks are numbered from 0. */
  readonly seq: number;
}

export function formatEventId({ streamId, seq }: EventId): string {
  return `${streamId}:${seq}`;
}

/** @returns null for text that is not an event id */
export function parseEventId(text: string): EventId | null {
  const [, streamId, seq] = /^(.+):(\d{1,9})$/.exec(text) ?? [];
  return streamId === undefined || seq === undefined ? null : { streamId, seq: Number(seq) };
}
