/** Plays the plan of one random run against a chat, and checks what must hold afterwards. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { rebuildParts } from "../src/features/messages/turn/rebuild-message.ts";
import { TurnArchive } from "../src/features/messages/turn/turn-archive.ts";
import { delay } from "../src/platform/delay.ts";
import { newId } from "../src/platform/ids.ts";
import type { Caller } from "./callers.ts";
import { crash, runDueAlarm, runLateAlarm, stubOf, untilAnswered } from "./chat-objects.ts";
import { type Fate, setFaults } from "./faults.ts";
import {
  expectEnded,
  logOf,
  type Seen,
  type SomeTurn,
  type Status,
  seqOf,
  turnInObject,
} from "./invariants.ts";
import type { Action, Plan, Round } from "./random-plan.ts";
import { countingText, scriptText } from "./scripted-model.ts";
import {
  type Chunk,
  type OpenStream,
  openStream,
  type StreamEvent,
  StreamFailure,
} from "./stream.ts";
import { ask, chunksOf, endOf, question } from "./turns.ts";

/** A reader of one turn, with all its connections. */
interface Reader {
  readonly seen: Seen[];
  /** The connection that is being read; null while the reader is away. */
  open: {
    stream: OpenStream<Chunk[]>;
    reading: Promise<void>;
    events: StreamEvent<Chunk[]>[];
  } | null;
}

const isDisturbed = ({ fault, actions }: Round) =>
  fault !== null || actions.some((action) => action.do === "crash");

/** What the object does wrong, and a count of what it did. */
function faultOf({ fault }: Round) {
  let index = 0;
  return (step: string): Fate => {
    if (!fault || step !== fault.step) return undefined;
    index += 1;
    return index - 1 === fault.index ? fault.fate : undefined;
  };
}

/**
 * Plays a plan to its end.
 *
 * @param tell called with what comes next, so that a run that hangs says where
 * @throws when anything that must hold does not
 */
export async function playPlan(
  owner: Caller,
  plan: Plan,
  tell: (where: string) => void,
): Promise<void> {
  const chatId = newId();
  const key = { userId: owner.user.id, chatId };
  const kvMaxBytes = plan.isLong ? 10 : undefined;
  const useFaults = (round: Round) =>
    setFaults(key, { decide: faultOf(round), ...(kvMaxBytes && { kvMaxBytes }) });
  const wish = question(scriptText(plan.script), { chatId });
  let turn: SomeTurn | null = null;
  const turns: { turn: SomeTurn; readers: Reader[]; status: Status }[] = [];

  for (const [number, round] of plan.rounds.entries()) {
    useFaults(round);
    tell(`${number}: begin`);
    const before: SomeTurn | null = turn;
    const isLast = number === plan.rounds.length - 1;
    const isDeleted = isLast && plan.isDeleted;
    const watching = before && round.isWatched && !isDeleted ? watch(owner, chatId) : undefined;
    watching?.catch(() => undefined);
    turn = before
      ? await again(() => owner.api.messages.continue.mutate(continuationOf(before)))
      : await again(() => owner.api.messages.send.mutate(wish));
    const readers: Reader[] = [];
    const followers: SomeTurn[] = [];
    for (const action of round.actions) {
      tell(`${number}: ${action.do}`);
      await act(owner, { turn, readers, followers }, action);
    }
    tell(`${number}: end`);
    if (isDeleted) return expectDeleted(owner, turn, readers, !isDisturbed(round));
    await endTurn(owner, turn, readers, plan);
    tell(`${number}: watcher`);
    await watching;
    setFaults(key, kvMaxBytes ? { kvMaxBytes } : undefined);
    tell(`${number}: alarm`);
    // After a fault the alarm brings the end to D1 within seconds; otherwise it arrives by itself.
    if (isDisturbed(round)) await runDueAlarm(owner, chatId);
    tell(`${number}: followers`);
    // The last ends last.
    for (const follower of followers.toReversed()) await expectEnded(owner, follower, []);
    tell(`${number}: check`);
    const status = await expectEnded(
      owner,
      turn,
      readers.flatMap(({ seen }) => seen),
    );
    turns.push({ turn, readers, status });
    await expectText(owner, turn, plan, status);
    // An answer with a following message cannot be continued.
    if (status === "complete" || followers.length > 0) break;
  }

  tell("afterwards");
  const last = turns.at(-1);
  if (!last) throw new Error("Nothing was answered.");
  if (plan.isLong) await expectArchived(owner, last.turn);
  const next = await ask(owner, "count to 3", chatId);
  expect(endOf(chunksOf(await next.stream.rest()))).toMatchObject({ status: "complete" });
  await expectEnded(owner, next, []);
}

const continuationOf = ({ chatId, assistantMessageId: messageId }: SomeTurn) => ({
  chatId,
  messageId,
});

/** Repeats a call until it succeeds, as a browser does. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === 5 || codeOf(error) === "INVALID" || codeOf(error) === "CONFLICT") throw error;
      await delay(10);
    }
  }
}

const codeOf = (error: unknown) =>
  (error as { data?: { errorCode?: string } } | null)?.data?.errorCode;

/** Reads the live turn of a chat. Whether the turn starts or not, the reader gets an end. */
async function watch(owner: Caller, chatId: string): Promise<void> {
  const stream = await openStream(owner, { chatId });
  const events = await stream.rest();
  expect(stream.endedBy).toBe("return");
  if (events.length > 0) expect(chunksOf(events).at(-1)?.type).toBe("finish");
}

interface Scene {
  readonly turn: SomeTurn;
  readonly readers: Reader[];
  /** Turns of messages that were sent after the answer ended. */
  readonly followers: SomeTurn[];
}

async function act(
  owner: Caller,
  { turn, readers, followers }: Scene,
  action: Action,
): Promise<void> {
  const { chatId, streamId } = turn;
  const reader = "pick" in action ? readers[action.pick % readers.length] : undefined;
  switch (action.do) {
    case "wait":
      return delay(action.ms);
    case "join":
      return join(owner, turn, readers);
    case "leave":
      return reader && leave(reader);
    case "resume":
      return reader ? resume(owner, turn, reader) : join(owner, turn, readers);
    case "stop":
      await again(() => owner.api.messages.stop.mutate({ chatId, streamId }));
      return;
    case "crash":
      return crash(owner, chatId);
    case "alarm":
      return runDueAlarm(owner, chatId).catch(() => undefined);
    case "send":
      return sendMeanwhile(owner, [turn, ...followers], (follower) => followers.push(follower));
  }
}

async function join(owner: Caller, turn: SomeTurn, readers: Reader[]): Promise<void> {
  const reader: Reader = { seen: [], open: null };
  readers.push(reader);
  await resume(owner, turn, reader);
}

/** Connects a reader that is away, after the last thing that it saw. */
async function resume(owner: Caller, turn: SomeTurn, reader: Reader): Promise<void> {
  if (reader.open) return;
  const last = reader.seen.flatMap(({ events }) => events).at(-1);
  const lastEventId = last?.id ?? null;
  const { chatId, streamId } = turn;
  const stream = await openStream(owner, { chatId, streamId, lastEventId });
  const events: StreamEvent<Chunk[]>[] = [];
  reader.seen.push({ afterSeq: seqOf(last), events });
  const reading = (async () => {
    try {
      for await (const event of stream) events.push(event);
    } catch (error) {
      // Disconnecting ends the reading.
      if (reader.open?.stream === stream) throw error;
    }
  })();
  // Checked when the reader disconnects, or at the end.
  reading.catch(() => undefined);
  reader.open = { stream, reading, events };
}

async function leave(reader: Reader): Promise<void> {
  const { open } = reader;
  if (!open) return;
  reader.open = null;
  await open.stream.cancel().catch(() => undefined);
  await open.reading;
}

/**
 * Sends another message. It is refused while an answer is live, because turns are never
 * interleaved.
 */
async function sendMeanwhile(
  owner: Caller,
  turns: readonly SomeTurn[],
  onStart: (follower: SomeTurn) => void,
): Promise<void> {
  const [{ chatId } = { chatId: "" }] = turns;
  const wish = question("count to 1", { chatId });
  try {
    onStart(await again(() => owner.api.messages.send.mutate(wish)));
  } catch (error) {
    expect(codeOf(error)).toBe("CONFLICT");
    return;
  }
  for (const { streamId } of turns) {
    const kind = await untilAnswered(
      async () => (await stubOf(owner, chatId).settle(streamId)).kind,
    );
    expect(kind, "a message is taken when the turns before it are over").toBe("ended");
  }
}

/** Lets the answer end; an endless one is stopped. All connected readers read all of it. */
async function endTurn(
  owner: Caller,
  turn: SomeTurn,
  readers: readonly Reader[],
  { script }: Plan,
): Promise<void> {
  const { chatId, streamId } = turn;
  if (script.end === "silence") {
    await again(() => owner.api.messages.stop.mutate({ chatId, streamId }));
  }
  const ends = new Set<number>();
  for (const reader of readers) {
    if (!reader.open) continue;
    const { stream, reading, events } = reader.open;
    await reading;
    expect(stream.endedBy).toBe("return");
    const all = reader.seen.flatMap((seen) => seen.events);
    ends.add(seqOf(all.at(-1)));
    expect(chunksOf(all).filter(({ type }) => type === "finish")).toHaveLength(1);
    if (events.length > 0) expect(chunksOf(events).at(-1)?.type).toBe("finish");
  }
  expect(ends.size, "all who stayed saw the same end").toBeLessThanOrEqual(1);
}

/** The kept part of the answer is a beginning of the script, without repetitions. */
async function expectText(
  owner: Caller,
  turn: SomeTurn,
  { script }: Plan,
  status: Status,
): Promise<void> {
  const parts = await rebuildParts(await logOf(owner, turn));
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const whole = countingText(script.length);
  if (status === "complete") expect(text).toBe(whole);
  else expect(whole.startsWith(text), "what came is a beginning").toBe(true);
}

/** The object deletes the turn, which is then read from the archive as before. */
async function expectArchived(owner: Caller, turn: SomeTurn): Promise<void> {
  const log = await logOf(owner, turn);
  await runDueAlarm(owner, turn.chatId);
  await runLateAlarm(owner, turn.chatId);
  expect(await logOf(owner, turn)).toEqual(log);
  await expectEnded(owner, turn, []);
}

/**
 * Checks that nothing of a deleted chat is left or comes back, and that its readers see an end.
 *
 * @param isWhole whether no fault happened; leftovers of an object that died expire within a day
 */
async function expectDeleted(
  owner: Caller,
  turn: SomeTurn,
  readers: readonly Reader[],
  isWhole: boolean,
): Promise<void> {
  const { chatId, streamId } = turn;
  await again(() => owner.api.chats.delete.mutate({ chatId }));
  for (const { open } of readers) {
    await open?.reading.catch((error: unknown) => {
      if (!(error instanceof StreamFailure)) throw error;
    });
  }
  setFaults({ userId: owner.user.id, chatId }, undefined);
  await runDueAlarm(owner, chatId).catch(() => undefined);
  const rows = await env.CONTENT_0.prepare("SELECT count(*) AS n FROM messages WHERE chatId = ?")
    .bind(chatId)
    .first<number>("n");
  expect(rows, "no message is left").toBe(0);
  if (!isWhole) return;
  expect(await turnInObject(owner, turn)).toEqual({ row: undefined, chunks: [] });
  const archived = await new TurnArchive(env).open({
    userId: owner.user.id,
    chatId,
    turnId: streamId,
  });
  expect(archived, "no log is left").toBeNull();
}
