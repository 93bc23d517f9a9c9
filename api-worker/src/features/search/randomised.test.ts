/**
 * Random changes to what two people have, with crashes of their search objects, held against a plain
 * scan of their texts. `RANDOM_RUNS` sets the number of runs and `RANDOM_SEED` the seed of the first.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { demoPassword } from "db/factories";
import { expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { createUser } from "../../../test/factories.ts";
import { type Fate, setSearchFaults } from "../../../test/faults.ts";
import { takeErrors } from "../../../test/logs.ts";
import { scriptText } from "../../../test/scripted-model.ts";
import { ask } from "../../../test/turns.ts";
import { exportFormatName, exportVersion } from "../../contracts/transfer.ts";
import { newId } from "../../platform/ids.ts";
import { searchObject } from "../../platform/search-object.ts";

const runs = Number(env.RANDOM_RUNS);
const firstSeed = env.RANDOM_SEED === "" ? Date.now() % 2 ** 31 : Number(env.RANDOM_SEED);
const concurrency = 8;
const stepsPerRun = 7;

const vocabulary = ["sea", "seal", "sealing", "wax", "東京", "京都", "ship", "shipping", "x1", "4"];
const fates: readonly Fate[] = ["fail", "fail-after", "crash", "crash-after"];

/** A small generator, so that a failure can be had again. */
function randomFrom(seed: number) {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * limit);
  };
  const pick = <T>(values: readonly T[]): T => {
    const value = values[below(values.length)];
    if (value === undefined) throw new Error("There is nothing to pick from.");
    return value;
  };
  const text = () => Array.from({ length: 1 + below(4) }, () => pick(vocabulary)).join(" ");
  return { below, pick, text };
}
type Random = ReturnType<typeof randomFrom>;

interface StoredText {
  readonly id: string;
  readonly text: string;
}

/** What D1 has: titles, and the text parts of messages that have ended. */
async function listTexts({ user }: Caller): Promise<StoredText[]> {
  const read = (query: string) => env.CONTENT_0.prepare(query).bind(user.id);
  const [titles, messages] = await env.CONTENT_0.batch<StoredText>([
    read("SELECT id, title AS text FROM chats WHERE userId = ? ORDER BY id"),
    read(
      "SELECT id, parts AS text FROM messages WHERE userId = ? AND status <> 'streaming' ORDER BY id",
    ),
  ]);
  const textOf = (parts: string) =>
    (JSON.parse(parts) as { type: string; text?: string }[])
      .filter(({ type }) => type === "text")
      .map(({ text }) => text)
      .join("\n");
  return [
    ...(titles?.results ?? []),
    ...(messages?.results ?? []).map(({ id, text }) => ({ id, text: textOf(text) })),
  ];
}

/** Looks for the words without an index. The last one may be the beginning of a word. */
function scan(texts: readonly StoredText[], words: readonly string[]): string[] {
  const hasWord = (text: string, word: string, isLast: boolean) => {
    if (/[一-龯]/.test(word)) return text.includes(word);
    const own = text.toLowerCase().split(/[^a-z0-9]+/);
    return own.some((one) => one === word || (isLast && one.startsWith(word)));
  };
  return texts
    .filter(({ text }) =>
      words.every((word, index) => hasWord(text, word, index === words.length - 1)),
    )
    .map(({ id }) => id)
    .sort();
}

/** Searches all pages, until the index is complete. */
async function searchAll({ api }: Caller, query: string): Promise<string[]> {
  for (let tries = 0; tries < 30; tries += 1) {
    const ids: string[] = [];
    let cursor: string | null = null;
    let isComplete: boolean;
    do {
      const page: Awaited<ReturnType<typeof api.chats.search.query>> = await api.chats.search.query(
        { query, limit: 50, cursor },
      );
      ids.push(...page.items.map((hit) => hit.messageId ?? hit.chatId));
      ({ nextCursor: cursor, isComplete } = page);
    } while (cursor !== null);
    if (isComplete) return ids.sort();
  }
  throw new Error("The index is never complete.");
}

/** Compares a search of a person with a scan, which must not have changed meanwhile. */
async function compare(caller: Caller, random: Random): Promise<void> {
  setSearchFaults(caller.user.id, undefined);
  const words = Array.from({ length: 1 + random.below(2) }, () => random.pick(vocabulary));
  const last = words.at(-1) ?? "";
  if (/[a-z]/.test(last) && random.below(2) === 0) words[words.length - 1] = last.slice(0, 2);
  for (;;) {
    const before = scan(await listTexts(caller), words);
    const found = await searchAll(caller, words.join(" "));
    const after = scan(await listTexts(caller), words);
    // The model's title of a chat may have come in between.
    if (JSON.stringify(before) !== JSON.stringify(after)) continue;
    expect(found, words.join(" ")).toEqual(after);
    return;
  }
}

const chatIdsOf = async ({ api }: Caller) =>
  (await api.chats.list.query({ limit: 50 })).items.map(({ id }) => id);

/** A question whose answer is short, with words to be found. */
const questionOf = (random: Random) =>
  `${scriptText({ length: 12, sizes: [12] }).slice(0, -1)},"words":"${random.text()}"}`;

async function untilEnded({ user }: Caller, chatId: string): Promise<void> {
  const isOpen = () =>
    env.CONTENT_0.prepare(
      "SELECT 1 FROM messages WHERE userId = ? AND chatId = ? AND status = 'streaming'",
    )
      .bind(user.id, chatId)
      .first();
  await expect.poll(isOpen, { interval: 5, timeout: 20_000 }).toBeNull();
}

function importFile(random: Random) {
  const chat = () => {
    const ids = [newId(), newId()] as const;
    const message = (index: 0 | 1) => ({
      id: ids[index],
      parentId: index === 0 ? null : ids[0],
      role: index === 0 ? "user" : "assistant",
      parts: [{ type: "text", text: random.text() }],
      status: "complete",
      modelId: null,
      inputTokens: null,
      outputTokens: null,
      errorCode: null,
      vote: null,
      createdAt: 1 + index,
      finishedAt: null,
    });
    return {
      id: newId(),
      title: random.text(),
      titleSource: "owner",
      pinnedAt: null,
      createdAt: 1,
      updatedAt: 1 + random.below(1_000),
      currentMessageId: ids[1],
      messages: [message(0), message(1)],
    };
  };
  return { format: exportFormatName, version: exportVersion, chats: [chat(), chat()] };
}

type Action = (caller: Caller, random: Random, other: Caller) => Promise<unknown>;

async function withChat(
  caller: Caller,
  random: Random,
  run: (chatId: string) => Promise<unknown>,
): Promise<void> {
  const chatIds = await chatIdsOf(caller);
  if (chatIds.length > 0) await run(random.pick(chatIds));
}

const send: Action = async (caller, random) => {
  const chatIds = [newId(), ...(await chatIdsOf(caller))];
  const turn = await ask(caller, questionOf(random), random.pick(chatIds));
  await turn.stream.rest();
  await untilEnded(caller, turn.chatId);
};

const actions: readonly Action[] = [
  send,
  send,
  // An edit of the first message: a version beside it.
  (caller, random) =>
    withChat(caller, random, async (chatId) => {
      const message = {
        id: newId(),
        parts: [{ type: "text" as const, text: questionOf(random) }],
      };
      await caller.api.messages.send.mutate({ chatId, message, parentId: null });
      await untilEnded(caller, chatId);
    }),
  (caller, random) =>
    withChat(caller, random, (chatId) =>
      caller.api.chats.rename.mutate({ chatId, title: random.text() }),
    ),
  (caller, random) =>
    withChat(caller, random, (chatId) => caller.api.chats.delete.mutate({ chatId })),
  (caller, random) =>
    random.below(4) === 0 ? caller.api.chats.deleteAll.mutate() : Promise.resolve(),
  async (caller, random) => {
    const { failures } = await caller.api.chats.import.mutate({ data: importFile(random) });
    expect(failures).toEqual([]);
  },
  (caller, random, other) =>
    withChat(caller, random, async (chatId) => {
      await caller.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
      await other.api.chats.fork.mutate({ chatId });
    }),
  ({ user }) =>
    runInDurableObject(searchObject(env, user.id), (_, state) => state.abort("crash")).catch(
      () => undefined,
    ),
  ({ user }) =>
    env.CONTENT_0.prepare("INSERT INTO searchChanges (userId, chatId, scope) VALUES (?, '', 'all')")
      .bind(user.id)
      .run(),
  async ({ user, api }, random) => {
    let left = 1 + random.below(4);
    const fate = random.pick(fates);
    setSearchFaults(user.id, {
      decide: () => {
        left -= 1;
        return left === 0 ? fate : undefined;
      },
    });
    await api.chats.search.query({ query: "sea" }).catch(() => undefined);
  },
];

async function play(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const account = await callerFor("owner");
  let guest = await callerAs(await createUser({ email: null }));
  const carryAt = random.below(2 * stepsPerRun);
  for (let step = 0; step < stepsPerRun; step += 1) {
    if (step === carryAt) {
      setSearchFaults(guest.user.id, undefined);
      const email = account.user.email ?? "";
      await guest.api.auth.logIn.mutate({ email, password: demoPassword });
      expect(await listTexts(guest)).toEqual([]);
      const left = await runInDurableObject(
        searchObject(env, guest.user.id),
        (_, { storage: { sql } }) =>
          sql.exec("SELECT name FROM sqlite_schema WHERE name NOT LIKE '_cf%'").toArray(),
      );
      expect(left).toEqual([]);
      guest = await callerAs(await createUser({ email: null }));
    }
    const [caller, other] = random.below(2) === 0 ? [account, guest] : [guest, account];
    await random.pick(actions)(caller, random, other);
    if (random.below(3) === 0) for (const one of [account, guest]) await compare(one, random);
  }
  for (const one of [account, guest]) {
    await compare(one, random);
  }
}

test(`a search finds what a scan finds, whatever happened: ${runs} runs from seed ${firstSeed}`, {
  timeout: 60_000 + runs * 3_000,
}, async () => {
  console.warn(`random searches: ${runs} from seed ${firstSeed}`);
  const failures: string[] = [];
  let next = 0;
  const work = async () => {
    while (next < runs && failures.length < 3) {
      const seed = firstSeed + next;
      next += 1;
      try {
        await play(seed);
      } catch (error) {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        failures.push(`RANDOM_SEED=${seed} RANDOM_RUNS=1 fails:\n${reason}`);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  expect(failures.join("\n\n")).toBe("");
  const unexpected = takeErrors().filter(({ text }) => !/This was made to fail|crash/.test(text));
  expect(unexpected).toEqual([]);
});
