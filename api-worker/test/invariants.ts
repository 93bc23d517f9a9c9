/** The invariants of every turn, whatever has happened to it. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { parseEventId } from "../src/contracts/event-id.ts";
import { readChunks } from "../src/features/messages/object/turn-log.ts";
import { type Chunk as LogChunk, mergeDeltas } from "../src/features/messages/turn/chunks.ts";
import { type Part, rebuildParts } from "../src/features/messages/turn/rebuild-message.ts";
import { parseArchive, TurnArchive } from "../src/features/messages/turn/turn-archive.ts";
import { BlockLog } from "../src/platform/block-log.ts";
import type { Caller } from "./callers.ts";
import { stubOf, untilAnswered } from "./chat-objects.ts";
import { type Chunk, openStream, type StreamEvent } from "./stream.ts";
import { ask, chunksOf, endOf } from "./turns.ts";

export type Status = "complete" | "stopped" | "interrupted" | "failed";

export interface SomeTurn {
  readonly chatId: string;
  readonly streamId: string;
  readonly assistantMessageId: string;
}

/** What one reader saw, in order, starting after `afterSeq` (-1 for the beginning). */
export interface Seen {
  readonly afterSeq?: number;
  readonly events: readonly StreamEvent<Chunk[]>[];
}

/** A message's state in D1. */
export function storedMessage(caller: Caller, messageId: string) {
  return env.CONTENT_0.prepare(
    "SELECT status, parts, streamId FROM messages WHERE userId = ? AND id = ?",
  )
    .bind(caller.user.id, messageId)
    .first<{ status: string; parts: string; streamId: string }>();
}

/** Rows of a chat that D1 has as `streaming`. */
export function streamingCount(caller: Caller, chatId: string) {
  return env.CONTENT_0.prepare(
    "SELECT count(*) AS n FROM messages WHERE userId = ? AND chatId = ? AND status = 'streaming'",
  )
    .bind(caller.user.id, chatId)
    .first<number>("n");
}

/** A turn's row and log in its object; no row when the object has deleted it. */
export function turnInObject(caller: Caller, { chatId, streamId }: SomeTurn) {
  return untilAnswered(() =>
    runInDurableObject(stubOf(caller, chatId), (_, { storage }) => {
      const [row] = storage.sql.exec("SELECT * FROM turns WHERE streamId = ?", streamId).toArray();
      return { row, chunks: [...readChunks(new BlockLog(storage.sql), streamId)] };
    }),
  );
}

/** A turn's log, chunk by chunk, from wherever it is stored. */
export async function logOf(caller: Caller, turn: SomeTurn): Promise<LogChunk[]> {
  const { row, chunks } = await turnInObject(caller, turn);
  if (row && chunks.length > 0) return chunks;
  const stream = await new TurnArchive(env).open({
    userId: caller.user.id,
    chatId: turn.chatId,
    turnId: turn.streamId,
  });
  const archived: LogChunk[] = [];
  if (stream) for await (const block of parseArchive(stream)) archived.push(...block);
  return archived;
}

/** The number of an event's last chunk. */
export const seqOf = (event: StreamEvent<unknown> | undefined): number =>
  parseEventId(event?.id ?? "")?.seq ?? -1;

/**
 * Checks that a reader saw the log: each chunk once and in order. Neighbouring deltas may be
 * merged.
 */
function expectSeen(log: readonly LogChunk[], { afterSeq = -1, events }: Seen): void {
  let position = afterSeq;
  for (const event of events) {
    const seq = seqOf(event);
    expect(seq, "ids grow").toBeGreaterThan(position);
    expect(seq, "nothing is shown that is not kept").toBeLessThan(log.length);
    const kept = log.slice(position + 1, seq + 1);
    expect(mergeDeltas(event.data as unknown as LogChunk[])).toEqual(mergeDeltas(kept));
    position = seq;
  }
}

/** A part of the log as D1 has it: documents that their tools could not save have a version. */
function asStored(part: Part): unknown[] {
  if (part.type === "data-document-text") return [];
  // It names the document that the call has written.
  if (part.type === "tool-createDocument" || part.type === "tool-updateDocument") {
    return [part.state === "output-error" ? { ...part, errorText: expect.any(String) } : part];
  }
  if (part.type !== "data-document" || part.data.version !== null) return [part];
  const data = { ...part.data, state: expect.any(String), version: expect.toSatisfy(isVersion) };
  return [{ ...part, data }];
}

const isVersion = (version: unknown) => version === null || Number(version) > 0;

/**
 * Checks a turn that has ended: everything seen is kept, there is one end, all sources agree on it,
 * D1 matches the log, and nothing is left open.
 *
 * @param seen what its readers saw
 * @returns how it ended
 */
export async function expectEnded(
  caller: Caller,
  turn: SomeTurn,
  seen: readonly Seen[],
): Promise<Status> {
  // A fresh reader, which waits for the end if necessary.
  const fresh = await (await openStream(caller, turn)).rest();
  const { status } = endOf(chunksOf(fresh)) as { status: Status };
  await expect.poll(() => storedMessage(caller, turn.assistantMessageId)).toMatchObject({ status });

  const log = await logOf(caller, turn);
  for (const one of [...seen, { events: fresh }]) expectSeen(log, one);
  const ends = log.filter(({ type }) => type === "finish");
  expect(ends, "one terminal chunk").toHaveLength(1);
  expect(log.at(-1)).toMatchObject({ type: "finish", messageMetadata: { status } });
  expect(seqOf(fresh.at(-1)), "a fresh reader gets everything").toBe(log.length - 1);

  const { row } = await turnInObject(caller, turn);
  if (row) expect(row).toMatchObject({ state: "ended", status });
  const stored = await storedMessage(caller, turn.assistantMessageId);
  expect(stored).toMatchObject({ status, streamId: turn.streamId });
  expect(JSON.parse(stored?.parts ?? "null")).toEqual((await rebuildParts(log)).flatMap(asStored));
  expect(await streamingCount(caller, turn.chatId), "nothing is left open").toBe(0);
  return status;
}

/**
 * Runs {@link expectEnded}, then checks that the chat takes another message and answers it to the
 * end.
 */
export async function expectSound(
  caller: Caller,
  turn: SomeTurn,
  seen: readonly Seen[],
): Promise<Status> {
  const status = await expectEnded(caller, turn, seen);
  const next = await ask(caller, "count to 3", turn.chatId);
  expect(endOf(chunksOf(await next.stream.rest()))).toMatchObject({ status: "complete" });
  await expectEnded(caller, next, []);
  return status;
}
