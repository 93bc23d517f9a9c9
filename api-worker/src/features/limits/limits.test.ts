import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createUser } from "../../../test/factories.ts";
import { ask, chunksOf, endlessQuestion, endOf, question } from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";
import { userObject } from "../../platform/user-object.ts";
import { limitsOf } from "./limits-of.ts";

const settings = {
  GUEST_MESSAGES_PER_DAY: env.GUEST_MESSAGES_PER_DAY,
  GUEST_TOKENS_PER_DAY: env.GUEST_TOKENS_PER_DAY,
  ACCOUNT_MESSAGES_PER_DAY: env.ACCOUNT_MESSAGES_PER_DAY,
  ACCOUNT_TOKENS_PER_DAY: env.ACCOUNT_TOKENS_PER_DAY,
};
afterEach(() => {
  Object.assign(env, settings);
  vi.restoreAllMocks();
});

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => "ok",
    (error: { data?: { errorCode?: string } }) => error.data?.errorCode ?? String(error),
  );
const countOf = <T>(items: readonly T[], item: T) => items.filter((one) => one === item).length;
const todayOf = async (caller: Caller) => (await caller.api.account.usage.query({})).today;

/** Uses up messages without sending any. */
async function useMessages(caller: Caller, count: number): Promise<void> {
  const stub = userObject(env, caller.user.id);
  for (let i = 0; i < count; i += 1) {
    await stub.takeTurn(newId(), { messages: null, tokens: null });
  }
}

test("of 50 sends at once with 10 left exactly 10 go through", async () => {
  const owner = await callerFor("owner");
  await useMessages(owner, 90);
  const calls = Array.from({ length: 50 }, () =>
    owner.api.messages.send.mutate(question("count to 1")),
  );
  const outcomes = await Promise.all(calls.map(outcomeOf));
  expect(countOf(outcomes, "ok")).toBe(10);
  expect(countOf(outcomes, "RATE_LIMITED")).toBe(40);
  expect((await owner.api.chats.list.query({ limit: 100 })).items).toHaveLength(10);
  expect(await todayOf(owner)).toMatchObject({ messages: { used: 100, max: 100, left: 0 } });
});

test("what is refused because the chat is busy is given back", async () => {
  const owner = await callerFor("owner");
  await useMessages(owner, 90);
  const chatId = newId();
  const calls = Array.from({ length: 50 }, () =>
    owner.api.messages.send.mutate(question("count to 100", { chatId })),
  );
  const outcomes = await Promise.all(calls.map(outcomeOf));
  expect(countOf(outcomes, "ok")).toBe(1);
  expect(countOf(outcomes, "CONFLICT") + countOf(outcomes, "RATE_LIMITED")).toBe(49);
  expect(await todayOf(owner)).toMatchObject({ messages: { used: 91, left: 9 } });
});

test("a message that is sent again is counted once, and stays counted when it is refused", async () => {
  const owner = await callerFor("owner");
  const first = question("count to 200");
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => outcomeOf(owner.api.messages.send.mutate(first))),
  );
  expect(outcomes).toEqual(Array(5).fill("ok"));
  expect((await todayOf(owner)).messages.used).toBe(1);
  // The same message id in another chat is INVALID, and does not give the counted message back.
  expect(await outcomeOf(owner.api.messages.send.mutate({ ...first, chatId: newId() }))).toBe(
    "INVALID",
  );
  expect((await todayOf(owner)).messages.used).toBe(1);
  await useMessages(owner, 99);
  // Repeating the same message costs nothing.
  expect(await outcomeOf(owner.api.messages.send.mutate(first))).toBe("ok");
  expect(await outcomeOf(owner.api.messages.send.mutate(question("count to 1")))).toBe(
    "RATE_LIMITED",
  );
});

test("what is refused for another reason is given back; another answer and going on count", async () => {
  const owner = await callerFor("owner");
  const unknown = { ...question("hello"), parentId: newId() };
  expect(await outcomeOf(owner.api.messages.send.mutate(unknown))).toBe("NOT_FOUND");
  const noModel = { ...question("hello"), modelId: "none" };
  expect(await outcomeOf(owner.api.messages.send.mutate(noModel))).toBe("INVALID");
  expect((await todayOf(owner)).messages.used).toBe(0);

  const { chatId, assistantMessageId, stream } = await ask(owner, "count to 3");
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
  const key = { chatId, messageId: assistantMessageId };
  expect(await outcomeOf(owner.api.messages.continue.mutate(key))).toBe("INVALID");
  expect((await todayOf(owner)).messages.used).toBe(1);
  const { streamId } = await owner.api.messages.regenerate.mutate(key);
  expect((await todayOf(owner)).messages.used).toBe(2);
  await owner.api.messages.stop.mutate({ chatId, streamId });
});

test("a regeneration or continuation that is under way is counted once", async () => {
  const owner = await callerFor("owner");
  const { chatId, assistantMessageId, streamId, stream } = await ask(owner, endlessQuestion);
  await stream.next();
  await owner.api.messages.stop.mutate({ chatId, streamId });
  const key = { chatId, messageId: assistantMessageId };
  const turns = await Promise.all([1, 2, 3].map(() => owner.api.messages.continue.mutate(key)));
  expect(new Set(turns.map((turn) => turn.streamId)).size).toBe(1);
  expect((await todayOf(owner)).messages.used).toBe(2);
  await owner.api.messages.stop.mutate({ chatId, streamId: turns[0]?.streamId ?? "" });
});

test("a refusal says until when, to the second, and the next day begins anew", async () => {
  const evening = Date.UTC(2030, 4, 6, 23, 59, 30);
  const now = vi.spyOn(Date, "now").mockReturnValue(evening);
  // Logs in that evening, because no session of today lasts until then.
  const owner = await callerFor("owner");
  env.ACCOUNT_MESSAGES_PER_DAY = "1";
  await owner.api.messages.send.mutate(question("count to 1"));
  expect(await errorOf(owner.api.messages.send.mutate(question("count to 1")))).toEqual({
    errorCode: "RATE_LIMITED",
    httpStatus: 429,
    retryAfterSeconds: 30,
    limit: "day",
    message: "You’ve used your 1 message for today. You can continue after midnight (UTC).",
  });
  expect(await todayOf(owner)).toEqual({
    day: "2030-05-06",
    endsAt: Date.UTC(2030, 4, 7),
    messages: { used: 1, max: 1, left: 0 },
    tokens: { used: expect.any(Number), max: null, left: null },
    cost: { used: 0, max: null, left: null },
  });
  now.mockReturnValue(evening + 30_000);
  expect(await todayOf(owner)).toMatchObject({ day: "2030-05-07", messages: { used: 0, left: 1 } });
  expect(await outcomeOf(owner.api.messages.send.mutate(question("count to 1")))).toBe("ok");
});

test("a guest has a limit of a guest, and signing up goes on with the account's", async () => {
  const guest = await callerAs(await createUser({ email: null }));
  await useMessages(guest, 20);
  const error = await errorOf(guest.api.messages.send.mutate(question("count to 1")));
  expect(error).toMatchObject({
    errorCode: "RATE_LIMITED",
    message:
      "You’ve used all 20 messages for today. Sign up to keep chatting, or come back after midnight (UTC).",
  });
  await guest.api.auth.signUp.mutate({
    email: `${newId()}@example.com`,
    password: "correct horse",
  });
  expect(await outcomeOf(guest.api.messages.send.mutate(question("count to 1")))).toBe("ok");
  expect((await todayOf(guest)).messages).toEqual({ used: 21, max: 100, left: 79 });
});

test("when the day's tokens are used up nothing more is started", async () => {
  const owner = await callerFor("owner");
  env.ACCOUNT_TOKENS_PER_DAY = "5";
  const { stream } = await ask(owner, "count to 20");
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
  await expect.poll(async () => (await todayOf(owner)).tokens.left).toBe(0);
  expect(await errorOf(owner.api.messages.send.mutate(question("count to 1")))).toMatchObject({
    errorCode: "RATE_LIMITED",
    message: expect.stringContaining("all your tokens"),
  });
  expect((await todayOf(owner)).messages.used).toBe(1);
  env.ACCOUNT_TOKENS_PER_DAY = "0";
  expect(await outcomeOf(owner.api.messages.send.mutate(question("count to 1")))).toBe("ok");
});

test("the tokens of a turn count once, and those of a day that is over do not", async () => {
  const owner = await callerFor("owner");
  const stub = userObject(env, owner.user.id);
  const turn = { streamId: newId(), tokens: 7, finishedAt: Date.now() };
  await stub.addTokens(turn);
  await stub.addTokens(turn);
  const dayMs = 24 * 60 * 60 * 1000;
  await stub.addTokens({ streamId: newId(), tokens: 5, finishedAt: Date.now() - dayMs });
  await stub.addTokens({ streamId: newId(), tokens: 5, finishedAt: Date.now() - 3 * dayMs });
  expect((await todayOf(owner)).tokens.used).toBe(7);
});

test.each([
  [{}, { messages: 20, tokens: null }, { messages: 100, tokens: null }],
  [
    { GUEST_MESSAGES_PER_DAY: "5", ACCOUNT_TOKENS_PER_DAY: "1000" },
    { messages: 5, tokens: null },
    { messages: 100, tokens: 1000 },
  ],
  [
    { GUEST_MESSAGES_PER_DAY: "0", ACCOUNT_MESSAGES_PER_DAY: " " },
    { messages: null, tokens: null },
    { messages: null, tokens: null },
  ],
  [
    { GUEST_MESSAGES_PER_DAY: "many", ACCOUNT_MESSAGES_PER_DAY: "-1" },
    { messages: 20, tokens: null },
    { messages: 100, tokens: null },
  ],
])("settings %o are limits", (given, guest, account) => {
  const stored = { storedLimits: {}, storedSettings: {} };
  const noCost = { costNanos: null, monthCostNanos: null };
  expect(limitsOf(given, { isGuest: true, ...stored }).day).toEqual({ ...guest, ...noCost });
  expect(limitsOf(given, { isGuest: false, ...stored }).day).toEqual({ ...account, ...noCost });
});
