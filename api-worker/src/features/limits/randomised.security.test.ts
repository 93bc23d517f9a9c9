/**
 * Random walks of an account and a guest through everything that can call a model or store content.
 * Each turn that calls one is charged to its owner, and nothing else is. What each of them stores is
 * counted as it is in the tables, and never too much. `RANDOM_RUNS` sets the number of runs, ten to a
 * walk, and `RANDOM_SEED` the seed of the first.
 */
import { env } from "cloudflare:workers";
import { demoPassword } from "db/factories";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { crash } from "../../../test/chat-objects.ts";
import { Dice } from "../../../test/dice.ts";
import { createUser } from "../../../test/factories.ts";
import { upload } from "../../../test/files.ts";
import { fileOf, forgedFile, oneChat, oneMessage } from "../../../test/import-files.ts";
import { modelTurnsOf, restartsOf } from "../../../test/model-calls.ts";
import { scriptText } from "../../../test/scripted-model.ts";
import { recount, storageUse, untilAllEnded } from "../../../test/storage-use.ts";
import { openStream } from "../../../test/stream.ts";
import { question } from "../../../test/turns.ts";
import { addressKey } from "../../contracts/client-address.ts";
import { delay } from "../../platform/delay.ts";
import { newId } from "../../platform/ids.ts";
import { userObject } from "../../platform/user-object.ts";
import { utcDay } from "../../platform/utc-day.ts";
import { guestBudget } from "./guests/guest-budget.ts";

const walks = Math.ceil(Number(env.RANDOM_RUNS) / 10);
const firstSeed = env.RANDOM_SEED === "" ? Date.now() % 2 ** 31 : Number(env.RANDOM_SEED);
const concurrency = 10;
const stepsPerWalk = 24;

const { GUEST_MESSAGES_PER_DAY, ACCOUNT_MESSAGES_PER_DAY } = env;
const { GUEST_ADDRESS_MESSAGES_PER_DAY, ALL_GUESTS_MESSAGES_PER_DAY } = env;
const { GUEST_STORAGE_MESSAGES, ACCOUNT_STORAGE_MESSAGES } = env;
afterEach(() => {
  Object.assign(env, { GUEST_MESSAGES_PER_DAY, ACCOUNT_MESSAGES_PER_DAY });
  Object.assign(env, { GUEST_ADDRESS_MESSAGES_PER_DAY, ALL_GUESTS_MESSAGES_PER_DAY });
  Object.assign(env, { GUEST_STORAGE_MESSAGES, ACCOUNT_STORAGE_MESSAGES });
});

type Question = ReturnType<typeof question>;
type StartedTurn = Awaited<ReturnType<Caller["api"]["messages"]["send"]["mutate"]>>;
type Message = Awaited<ReturnType<Caller["api"]["messages"]["list"]["query"]>>["items"][number];

/** A user of a walk, with the turns that the API has said it started. */
interface Person {
  readonly caller: Caller;
  readonly turns: Set<string>;
  /** Until the guest becomes an account. */
  isGuest: boolean;
}

interface Walk {
  readonly dice: Dice;
  /** Every message that was sent, whatever became of it. */
  readonly sent: Question[];
  /** The address of all guests of this walk. */
  readonly address: string;
  /** Every turn that a guest has started. */
  readonly guestTurns: Set<string>;
  /** Every turn, whether its owner or the other user was told of it first. */
  readonly seen: Set<string>;
}

const texts = [
  "count to 2",
  "count to 60",
  "weather in Oslo",
  // An answer that fails can be continued.
  scriptText({ length: 6, sizes: [3], end: "error" }),
];

/** Refusals that a walk runs into. */
const expected = ["CONFLICT", "INVALID", "NOT_FOUND", "RATE_LIMITED", "FORBIDDEN", "TOO_LARGE"];

/** Makes a call. @returns undefined when it is refused, as some of a walk's calls must be */
async function attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const code = (error as { data?: { errorCode?: string } }).data?.errorCode ?? "";
    if (!expected.includes(code)) throw error;
    return undefined;
  }
}

/** Starts a turn, sometimes twice at once. Then it is read to its end, stopped, or left alone. */
async function start(person: Person, walk: Walk, call: () => Promise<StartedTurn>): Promise<void> {
  const { caller } = person;
  const { dice } = walk;
  const calls = dice.isOneIn(4) ? [call, call] : [call];
  for (const turn of await Promise.all(calls.map(attempt))) {
    if (!turn) continue;
    note(person, walk, turn);
    if (dice.isOneIn(4)) {
      const { chatId, streamId } = turn;
      await attempt(() => caller.api.messages.stop.mutate({ chatId, streamId }));
    } else if (!dice.isOneIn(4)) {
      await (await openStream(caller, turn)).rest();
    }
  }
}

/** Notes a turn that the API has said it started. */
function note({ turns, isGuest }: Person, { guestTurns, seen }: Walk, { streamId }: StartedTurn) {
  if (seen.has(streamId)) return;
  turns.add(streamId);
  if (isGuest) guestTurns.add(streamId);
  seen.add(streamId);
}

async function pickChat({ caller }: Person, { dice }: Walk): Promise<string | undefined> {
  return dice.pick((await caller.api.chats.list.query({ limit: 50 })).items)?.id;
}

/** Picks a message of any chat; the newest one more often than others. */
async function pickMessage(person: Person, walk: Walk): Promise<Message | undefined> {
  const chatId = await pickChat(person, walk);
  if (!chatId) return undefined;
  const page = await attempt(() => person.caller.api.messages.list.query({ chatId }));
  const items = page?.items ?? [];
  return walk.dice.isOneIn(2) ? items.at(-1) : walk.dice.pick(items);
}

function send(person: Person, walk: Walk, input: Question & { parentId?: string | null }) {
  walk.sent.push(input);
  return start(person, walk, () => person.caller.api.messages.send.mutate(input));
}

type Action = (person: Person, walk: Walk, other: Person) => Promise<unknown>;

const actions = {
  async send(person, walk) {
    const known = walk.dice.isOneIn(2) ? await pickChat(person, walk) : undefined;
    await send(person, walk, question(walk.dice.pick(texts) ?? "", { chatId: known ?? newId() }));
  },
  /** A message of either person, in its chat, in another one, or in a new one. */
  async resend(person, walk) {
    const input = walk.dice.pick(walk.sent);
    if (!input) return;
    const chats = [input.chatId, input.chatId, await pickChat(person, walk), newId()];
    await send(person, walk, { ...input, chatId: walk.dice.pick(chats) ?? input.chatId });
  },
  async deleteAndResend(person, walk) {
    const input = walk.dice.pick(walk.sent);
    if (!input) return;
    await attempt(() => person.caller.api.chats.delete.mutate({ chatId: input.chatId }));
    await send(person, walk, input);
  },
  async edit(person, walk) {
    const message = await pickMessage(person, walk);
    if (message?.role !== "user") return;
    const { chatId, parentId } = message;
    await send(person, walk, { ...question(walk.dice.pick(texts) ?? "", { chatId }), parentId });
  },
  async regenerate(person, walk) {
    const message = await pickMessage(person, walk);
    if (!message) return;
    const key = { chatId: message.chatId, messageId: message.id };
    await start(person, walk, () => person.caller.api.messages.regenerate.mutate(key));
  },
  /** Answers a question if the chat ends in it. */
  async answer(person, walk) {
    const message = await pickMessage(person, walk);
    if (!message) return;
    const key = { chatId: message.chatId, messageId: message.id, onlyIfLast: true };
    await start(person, walk, () => person.caller.api.messages.regenerate.mutate(key));
  },
  /** An answer is lost, and its chat ends in the question. */
  async loseAnswer(person, walk) {
    const message = await pickMessage(person, walk);
    if (message?.role !== "assistant" || message.status === "streaming") return;
    const key = [message.chatId, person.caller.user.id] as const;
    await env.CONTENT_0.batch([
      env.CONTENT_0.prepare(
        "UPDATE chats SET currentMessageId = ? WHERE id = ? AND userId = ?",
      ).bind(message.parentId, ...key),
      env.CONTENT_0.prepare(
        "UPDATE messages SET parts = '[]' WHERE id = ? AND chatId = ? AND userId = ?",
      ).bind(message.id, ...key),
    ]);
  },
  /** Asks, and lets the chat's object die in mid-answer. The answer goes on by itself, or does not. */
  async crash(person, walk) {
    const { dice } = walk;
    const input = question(scriptText({ length: 400, sizes: [5], pausesMs: [1] }));
    walk.sent.push(input);
    const turn = await attempt(() => person.caller.api.messages.send.mutate(input));
    if (!turn) return;
    note(person, walk, turn);
    for (const pauseMs of dice.list(1, 4, () => dice.between(0, 40))) {
      await delay(pauseMs);
      await crash(person.caller, turn.chatId);
      // Its next instance begins to recover the turn, and may die in that too.
      if (dice.isOneIn(2)) void openStream(person.caller, turn).catch(() => undefined);
    }
    const { chatId, streamId } = turn;
    const { api } = person.caller;
    const end = dice.pick(["stop", "delete", "read", "read", "read"]);
    if (end === "stop") await api.messages.stop.mutate({ chatId, streamId });
    else if (end === "delete") await api.chats.delete.mutate({ chatId });
    else await (await openStream(person.caller, turn)).rest();
  },
  async continue(person, walk) {
    const message = await pickMessage(person, walk);
    if (!message) return;
    const key = { chatId: message.chatId, messageId: message.id };
    await start(person, walk, () => person.caller.api.messages.continue.mutate(key));
  },
  async approve(person, walk) {
    const message = await pickMessage(person, walk);
    if (!message) return;
    const waiting = message.parts.flatMap((part) => {
      const { id } = (part.approval ?? {}) as { id?: string };
      return id !== undefined && part.state === "approval-requested" ? [id] : [];
    });
    const isApproved = walk.dice.isOneIn(2);
    const approvals = (waiting.length > 0 ? waiting : ["forged"]).map((approvalId) => ({
      approvalId,
      isApproved,
    }));
    const input = { chatId: message.chatId, messageId: message.id, approvals };
    await start(person, walk, () => person.caller.api.messages.approve.mutate(input));
  },
  async fork(person, walk, other) {
    const source = walk.dice.isOneIn(2) ? person : other;
    const chatId = await pickChat(source, walk);
    if (!chatId) return;
    await attempt(() =>
      source.caller.api.chats.setVisibility.mutate({ chatId, visibility: "public" }),
    );
    await attempt(() => person.caller.api.chats.fork.mutate({ chatId }));
  },
  import: ({ caller }, { dice }) =>
    attempt(() => caller.api.chats.import.mutate({ data: forgedFile(dice) })),
  importQuestion: ({ caller }) =>
    attempt(() =>
      caller.api.chats.import.mutate({
        data: fileOf(oneChat([oneMessage()], { currentMessageId: "m1" })),
      }),
    ),
  async exportAndImport({ caller }) {
    const { text } = await caller.api.chats.export.query({ format: "json" });
    await attempt(() => caller.api.chats.import.mutate({ data: JSON.parse(text) }));
  },
  async upload({ caller }, { dice }) {
    await attempt(() => upload(caller, dice.isOneIn(3) ? "the same" : newId(), "a.txt"));
  },
  async sendFile(person, walk) {
    const file = (await person.caller.api.uploads.list.query({})).items[0];
    if (!file) return;
    const input = question("count to 2");
    const part = { type: "file" as const, url: `/files/${file.id}`, filename: "a.txt" };
    const message = { ...input.message, parts: [...input.message.parts, part] };
    await send(person, walk, { ...input, message } as Question);
  },
  async deleteFile({ caller }, { dice }) {
    const file = dice.pick((await caller.api.uploads.list.query({})).items);
    if (file) await attempt(() => caller.api.uploads.delete.mutate({ uploadId: file.id }));
  },
  async rename(person, walk) {
    const chatId = await pickChat(person, walk);
    const title = "é".repeat(1 + walk.sent.length);
    if (chatId) await attempt(() => person.caller.api.chats.rename.mutate({ chatId, title }));
  },
  async deleteAll({ caller }, { dice }) {
    if (dice.isOneIn(3)) await attempt(() => caller.api.chats.deleteAll.mutate());
  },
  async delete(person, walk) {
    const chatId = await pickChat(person, walk);
    if (chatId) await attempt(() => person.caller.api.chats.delete.mutate({ chatId }));
  },
} satisfies Record<string, Action>;

/** Actions by how often they come. */
const bag: readonly Action[] = [
  ...[actions.send, actions.send, actions.send, actions.resend, actions.resend],
  ...[actions.deleteAndResend, actions.edit, actions.regenerate, actions.continue],
  ...[actions.approve, actions.approve, actions.approve, actions.fork, actions.import],
  ...[actions.exportAndImport, actions.delete, actions.deleteAll, actions.rename],
  ...[actions.upload, actions.upload, actions.sendFile, actions.deleteFile],
  ...[actions.importQuestion, actions.loseAnswer, actions.answer, actions.answer],
  ...[actions.crash, actions.crash],
];

const newGuest = async ({ address }: Walk): Promise<Person> => ({
  caller: await callerAs(await createUser({ email: null }), { address }),
  turns: new Set(),
  isGuest: true,
});

/** The guest logs in to the account, or becomes an account. @returns who walks on as the guest */
async function enter(guest: Person, account: Person, walk: Walk): Promise<Person> {
  const { api } = guest.caller;
  if (walk.dice.isOneIn(2)) {
    await api.auth.signUp.mutate({ email: `${newId()}@example.com`, password: "correct horse" });
    guest.isGuest = false;
    return guest;
  }
  await api.auth.logIn.mutate({ email: account.caller.user.email ?? "", password: demoPassword });
  return newGuest(walk);
}

interface Played {
  readonly calls: number;
  readonly restarted: number;
  readonly refused: boolean;
  readonly full: boolean;
}

async function play(seed: number): Promise<Played> {
  const dice = new Dice(seed);
  const address = `2001:db8:${(seed >>> 16).toString(16)}:${(seed & 0xffff).toString(16)}::1`;
  const walk: Walk = { dice, address, sent: [], guestTurns: new Set(), seen: new Set() };
  const account: Person = { caller: await callerFor("owner"), turns: new Set(), isGuest: false };
  let guest = await newGuest(walk);
  const people = [account, guest];
  const entersAt = dice.pick(Array.from({ length: stepsPerWalk }, (_, step) => step));
  for (let step = 0; step < stepsPerWalk; step += 1) {
    if (step === entersAt) {
      guest = await enter(guest, account, walk);
      if (!people.includes(guest)) people.push(guest);
    }
    const [person, other] = dice.isOneIn(2) ? [account, guest] : [guest, account];
    await dice.pick(bag)?.(person, walk, other);
  }
  await untilAllEnded(...people.map(({ caller }) => caller.user.id));
  let calls = 0;
  let restarted = 0;
  let refused = false;
  let full = false;
  for (const { caller, turns } of people) {
    const { id } = caller.user;
    // Also of a guest whose chats are the account's now.
    const charged = (await userObject(env, id).readToday()).messages;
    expect(modelTurnsOf(id), "no model is called without a charge").toBeLessThanOrEqual(charged);
    expect(charged, "each turn and each restart is charged once").toBe(
      turns.size + restartsOf(turns),
    );
    restarted += restartsOf(turns);
    expect(charged).toBeLessThanOrEqual(Number(env.ACCOUNT_MESSAGES_PER_DAY));
    const stored = await recount(id);
    expect(await storageUse(id), "the counter has what the tables have").toEqual(stored);
    expect(stored.messages).toBeLessThanOrEqual(Number(env.ACCOUNT_STORAGE_MESSAGES));
    full ||= stored.messages >= Number(env.GUEST_STORAGE_MESSAGES) - 1;
    calls += modelTurnsOf(id);
    refused ||= charged >= Number(env.GUEST_MESSAGES_PER_DAY);
  }
  const budget = await guestBudget(env, utcDay(Date.now())).read(addressKey(address));
  expect(budget.messages, "each turn of a guest is charged to the address once").toBe(
    walk.guestTurns.size + restartsOf(walk.guestTurns),
  );
  expect(budget.messages).toBeLessThanOrEqual(Number(env.GUEST_ADDRESS_MESSAGES_PER_DAY));
  return { calls, restarted, refused, full };
}

test(`no walk calls a model without a charge: ${walks} walks from seed ${firstSeed}`, {
  timeout: 60_000 + walks * 20_000,
}, async () => {
  console.warn(`random walks: ${walks} from seed ${firstSeed}`);
  Object.assign(env, { GUEST_MESSAGES_PER_DAY: "4", ACCOUNT_MESSAGES_PER_DAY: "7" });
  // Less than two guests have. All walks together have no limit.
  Object.assign(env, { GUEST_ADDRESS_MESSAGES_PER_DAY: "5", ALL_GUESTS_MESSAGES_PER_DAY: "" });
  Object.assign(env, { GUEST_STORAGE_MESSAGES: "8", ACCOUNT_STORAGE_MESSAGES: "14" });
  const failures: string[] = [];
  let next = 0;
  let calls = 0;
  let restarted = 0;
  let limited = 0;
  let full = 0;
  const work = async () => {
    while (next < walks && failures.length < 3) {
      const seed = firstSeed + next;
      next += 1;
      try {
        const result = await play(seed);
        calls += result.calls;
        restarted += result.restarted;
        limited += result.refused ? 1 : 0;
        full += result.full ? 1 : 0;
      } catch (error) {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        failures.push(`RANDOM_SEED=${seed} RANDOM_RUNS=1 fails:\n${reason}`);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  console.warn(
    `model turns: ${calls}, restarts: ${restarted}; walks that reached a limit: ${limited}, of storage: ${full}`,
  );
  expect(failures.join("\n\n")).toBe("");
  expect(calls, "the walks call models").toBeGreaterThan(walks);
  if (walks > 5) expect(restarted, "some answers go on by themselves").toBeGreaterThan(0);
});
