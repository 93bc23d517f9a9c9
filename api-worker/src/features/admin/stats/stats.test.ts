import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../../test/callers.ts";
import { noStorageLimits } from "../../../../test/content.ts";
import { createChat, createMessage, createUser } from "../../../../test/factories.ts";
import { upload } from "../../../../test/files.ts";
import { ask } from "../../../../test/turns.ts";
import { contentFor } from "../../../platform/content.ts";
import { utcDay, utcDayBefore } from "../../../platform/utc-day.ts";
import { moveContent } from "../../carry/move-content.ts";

const { MODEL_PRICES: usualPrices } = env;
const overviewOf = ({ api }: Caller) => api.admin.stats.overview.query({ days: 7 });

/** What the tables hold, counted row by row. */
async function count(sql: string): Promise<number> {
  return (await env.HOME.prepare(`SELECT count(*) AS n FROM ${sql}`).first<number>("n")) ?? 0;
}

/** What the content database stores, recounted. */
async function recount() {
  const bytes = "SELECT coalesce(sum(textBytes), 0) AS n FROM contentUse";
  return {
    accounts: await count("users WHERE isGuest = 0"),
    guests: await count("users WHERE isGuest = 1"),
    chats: await countContent("SELECT count(*) AS n FROM chats"),
    messages: await countContent("SELECT count(*) AS n FROM messages"),
    textBytes: await countContent(bytes),
    fileBytes: await countContent(bytes.replace("textBytes", "fileBytes")),
    streamBytes: await countContent(bytes.replace("textBytes", "streamBytes")),
    liveAnswers: await countContent(
      "SELECT count(*) AS n FROM messages WHERE status = 'streaming'",
    ),
  };
}

async function countContent(sql: string): Promise<number> {
  return (await env.CONTENT_0.prepare(sql).first<number>("n")) ?? 0;
}

test("what the site holds is what its tables hold, after all that comes, moves and goes", async () => {
  const admin = await callerFor("admin");
  const before = await overviewOf(admin);
  expect(before.now).toEqual(await recount());
  const owner = await callerFor("owner");
  const [guest, other] = [await createUser({ email: null }), await createUser()];
  const { chatId, stream } = await ask(owner, "count to 3");
  await stream.rest();
  await upload(owner, "a file");
  const chat = await createChat(guest);
  await createMessage(guest, chat);
  await createMessage(guest, chat, { role: "assistant", status: "streaming" });
  const content = contentFor(env, guest);
  await moveContent(content, guest.id, other.id, noStorageLimits);
  const filled = await overviewOf(admin);
  expect(filled.now).toEqual(await recount());
  expect(filled.now.liveAnswers).toBe(before.now.liveAnswers + 1);

  const today = (overview: typeof before) => overview.days.at(-1);
  const [then, now] = [today(before), today(filled)];
  // Moved to an account, the chat of the guest is no new one.
  expect(now).toMatchObject({
    day: utcDay(Date.now()),
    newAccounts: (then?.newAccounts ?? 0) + 2,
    newGuests: (then?.newGuests ?? 0) + 1,
    newChats: (then?.newChats ?? 0) + 2,
    newMessages: (then?.newMessages ?? 0) + 4,
  });

  await owner.api.chats.delete.mutate({ chatId });
  await env.HOME.prepare("DELETE FROM users WHERE id = ?").bind(guest.id).run();
  const left = await overviewOf(admin);
  expect(left.now).toEqual(await recount());
  // What came today did come.
  expect(today(left)).toEqual({ ...now, storedBytes: expect.any(Number) });
  expect(today(left)?.storedBytes).toBeLessThan(now?.storedBytes ?? 0);
});

test("an answer counts once for its day and model, with how it ended and what it used", async () => {
  const admin = await callerFor("admin");
  const owner = await createUser();
  const chat = await createChat(owner);
  const modelId = `model-${owner.id}`;
  const answer = { role: "assistant", status: "streaming", modelId } as const;
  const end = (id: string, set: string) =>
    env.CONTENT_0.prepare(`UPDATE messages SET ${set} WHERE userId = ? AND id = ?`)
      .bind(owner.id, id)
      .run();
  const finishedAt = `finishedAt = ${Date.now()}`;
  for (const status of ["complete", "stopped", "interrupted", "failed"]) {
    const { id } = await createMessage(owner, chat, answer);
    await end(id, `status = '${status}', inputTokens = 10, outputTokens = 5, ${finishedAt}`);
    // Written again, as an end whose response was lost.
    await end(id, `status = '${status}', ${finishedAt}`);
  }
  const { id } = await createMessage(owner, chat, answer);
  await end(id, `status = 'stopped', inputTokens = 1, outputTokens = 2, ${finishedAt}`);
  await end(id, "status = 'streaming', finishedAt = NULL");
  await end(id, `status = 'complete', inputTokens = 4, outputTokens = 6, ${finishedAt}`);
  const { answers } = await overviewOf(admin);
  expect(answers.filter((one) => one.modelId === modelId)).toEqual([
    {
      day: utcDay(Date.now()),
      modelId,
      ...{ answers: 6, stopped: 2, interrupted: 1, failed: 1 },
      ...{ inputTokens: 44, outputTokens: 26, costNanos: 0 },
    },
  ]);
});

test("the answers of a turn count as those of its user do, and cost the same", async () => {
  const admin = await callerFor("admin");
  const user = await createUser();
  const owner = await callerAs(user);
  const usedByAll = async () => {
    const { answers } = await overviewOf(admin);
    const ofDemo = answers.filter(({ modelId }) => modelId === "demo");
    const sum = (read: (one: (typeof answers)[number]) => number) =>
      ofDemo.reduce((total, one) => total + read(one), 0);
    return {
      answers: sum((one) => one.answers),
      tokens: sum((one) => one.inputTokens + one.outputTokens),
      cost: sum((one) => one.costNanos),
    };
  };
  const usageOf = async () =>
    (await admin.api.admin.users.usage.query({ userId: user.id, days: 1 })).items;
  const before = await usedByAll();
  const { stream } = await ask(owner, "count to 3");
  await stream.rest();
  await expect.poll(usageOf).toHaveLength(1);
  env.MODEL_PRICES = "demo=2/3";
  const again = await ask(owner, "count to 4");
  env.MODEL_PRICES = usualPrices;
  await again.stream.rest();
  await expect.poll(async () => (await usageOf())[0]?.answers).toBe(2);
  const [used] = await usageOf();
  if (!used) throw new Error("There is no usage.");
  expect(used.outputTokens).toBeGreaterThan(0);
  expect(used.costNanos).toBeGreaterThan(0);
  const after = {
    answers: before.answers + 2,
    tokens: before.tokens + used.inputTokens + used.outputTokens,
    cost: before.cost + used.costNanos,
  };
  expect(await usedByAll()).toEqual(after);
  // What moves to another user costs nothing again.
  const content = contentFor(env, user);
  await moveContent(content, user.id, (await createUser()).id, noStorageLimits);
  expect(await usedByAll()).toEqual(after);
});

test("a day without changes has what the day before has, and none of what came on it", async () => {
  const admin = await callerFor("admin");
  await createChat(await createUser());
  const dayOf = (ago: number) => utcDayBefore(Date.now(), ago);
  // As if nothing had changed since.
  const setBack = async (database: D1Database, table: string) => {
    await database.prepare(`DELETE FROM ${table} WHERE day < ?`).bind(dayOf(0)).run();
    await database.prepare(`UPDATE ${table} SET day = ?`).bind(dayOf(3)).run();
  };
  await setBack(env.CONTENT_0, "contentDays");
  await setBack(env.HOME, "userDays");
  const { now, days } = await overviewOf(admin);
  expect(now).toEqual(await recount());
  const stored = now.textBytes + now.fileBytes + now.streamBytes;
  const came = { newChats: expect.any(Number), newAccounts: expect.any(Number) };
  expect(days.map(({ storedBytes }) => storedBytes)).toEqual([
    null,
    null,
    null,
    ...Array(4).fill(stored),
  ]);
  expect(days[3]).toMatchObject({ day: dayOf(3), ...came });
  expect(days[3]?.newChats).toBeGreaterThan(0);
  expect(days[6]).toEqual({
    ...{ day: dayOf(0), storedBytes: stored },
    ...{ newAccounts: 0, newGuests: 0, newChats: 0, newMessages: 0 },
  });
  // The next change begins today, and goes on from there.
  await createChat(await createUser());
  const after = await overviewOf(admin);
  expect(after.now).toEqual(await recount());
  expect(after.days[3]).toEqual(days[3]);
  expect(after.days[6]).toMatchObject({ newAccounts: 1, newChats: 1 });
});
