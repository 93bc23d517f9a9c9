import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerAs, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../../test/factories.ts";
import { newId } from "../../../platform/ids.ts";
import { utcDay } from "../../../platform/utc-day.ts";

afterEach(() => Object.assign(env, { ADMIN_CHAT_ACCESS: "on" }));

/** A person with a chat that has an answer of each of two models. */
async function setUp() {
  const admin = await callerFor("admin");
  const user = await createUser({ name: "Ada" });
  const chat = await createChat(user, { title: "Tides" });
  const models = [`first-${newId()}`, `second-${newId()}`] as const;
  const [first, second] = [
    await createMessage(user, chat, { role: "assistant", modelId: models[0] }),
    await createMessage(user, chat, { role: "assistant", modelId: models[1] }),
  ];
  return { admin, user, owner: await callerAs(user), chat, models, first, second };
}

type Filter = Parameters<Caller["api"]["admin"]["votes"]["list"]["query"]>[0];

/** All pages of the list, each of one vote. */
async function walk({ api }: Caller, filter: Filter) {
  const found = [];
  let cursor: string | null | undefined;
  do {
    const page = await api.admin.votes.list.query({ ...filter, limit: 1, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

test("votes of all users are listed, last changed first, by model and by side", async () => {
  const { admin, user, owner, chat, models, first, second } = await setUp();
  await owner.api.votes.set.mutate({ messageId: first.id, vote: "up" });
  await owner.api.votes.set.mutate({ messageId: second.id, vote: "down" });
  const idsOf = async (filter: Filter) => {
    const votes = await walk(admin, filter);
    return votes.filter(({ owner: { id } }) => id === user.id).map(({ messageId }) => messageId);
  };
  expect(await idsOf({})).toEqual([second.id, first.id]);
  expect(await idsOf({ vote: "up" })).toEqual([first.id]);
  expect(await idsOf({ modelId: models[1] })).toEqual([second.id]);
  expect(await idsOf({ modelId: models[1], vote: "up" })).toEqual([]);
  expect(await walk(admin, { modelId: models[0], vote: "up" })).toEqual([
    {
      owner: { id: user.id, email: user.email, name: "Ada" },
      ...{ chatId: chat.id, chatTitle: "Tides", messageId: first.id },
      ...{ modelId: models[0], vote: "up", updatedAt: expect.any(Number) },
    },
  ]);
  Object.assign(env, { ADMIN_CHAT_ACCESS: "off" });
  const closed = await admin.api.admin.votes.list.query({ modelId: models[0] });
  expect(closed).toMatchObject({ canOpen: false, items: [{ chatTitle: null }] });
});

test("the votes of a day and a model are those that stand", async () => {
  const { admin, owner, chat, models, first, second } = await setUp();
  const { set } = owner.api.votes;
  const countsOf = async () => {
    const { today, items } = await admin.api.admin.votes.byDay.query({ days: 7 });
    expect(today).toBe(utcDay(Date.now()));
    return items.filter(({ modelId }) => (models as readonly string[]).includes(modelId));
  };
  const day = utcDay(Date.now());
  const [one, other] = models.map((modelId) => ({ day, modelId }));
  await set.mutate({ messageId: first.id, vote: "up" });
  await set.mutate({ messageId: first.id, vote: "up" });
  await set.mutate({ messageId: second.id, vote: "up" });
  expect(await countsOf()).toEqual(
    expect.arrayContaining([
      { ...one, up: 1, down: 0 },
      { ...other, up: 1, down: 0 },
    ]),
  );
  await set.mutate({ messageId: first.id, vote: "down" });
  await set.mutate({ messageId: second.id, vote: "none" });
  expect(await countsOf()).toEqual([{ ...one, up: 0, down: 1 }]);
  await owner.api.chats.delete.mutate({ chatId: chat.id });
  expect(await countsOf()).toEqual([]);
});

test("a chat that was opened for a message is read from it on", async () => {
  const { admin, user, chat, second } = await setUp();
  const opening = { userId: user.id, chatId: chat.id, reason: "A vote" };
  const { accessId } = await admin.api.admin.chats.open.mutate(opening);
  const { messages } = admin.api.admin.chats;
  const read = await messages.query({ accessId, from: second.id });
  expect(read.items.map(({ id }) => id)).toEqual([second.id]);
  const elsewhere = await createMessage(user, await createChat(user));
  for (const from of [elsewhere.id, newId()]) {
    expect((await errorOf(messages.query({ accessId, from }))).errorCode).toBe("NOT_FOUND");
  }
});
