import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../test/factories.ts";
import { openSubscription } from "../../../test/stream.ts";
import type { ChatNews } from "../../contracts/news.ts";
import { newId } from "../../platform/ids.ts";

/** A user with a chat of one question and two answers. */
async function ownChat() {
  const user = await createUser();
  const chat = await createChat(user);
  const question = await createMessage(user, chat);
  const answer = { role: "assistant", parentId: question.id } as const;
  const [first, second] = [
    await createMessage(user, chat, answer),
    await createMessage(user, chat, answer),
  ];
  return { user, owner: await callerAs(user), chatId: chat.id, question, first, second };
}

test("a vote is set, changed and taken back", async () => {
  const { owner, chatId, first, second } = await ownChat();
  const { set, list } = owner.api.votes;
  const voted = { messageId: first.id, vote: "up" } as const;
  expect(await set.mutate(voted)).toEqual(voted);
  await set.mutate({ messageId: second.id, vote: "down" });
  expect((await list.query({ chatId })).items).toEqual([
    voted,
    { messageId: second.id, vote: "down" },
  ]);
  await set.mutate({ messageId: first.id, vote: "down" });
  await set.mutate({ messageId: second.id, vote: "none" });
  // Removing a vote twice is not an error, because users double-click.
  await set.mutate({ messageId: second.id, vote: "none" });
  expect((await list.query({ chatId })).items).toEqual([{ messageId: first.id, vote: "down" }]);
});

test("only answers can be voted on, and only one's own", async () => {
  const { owner, question, first } = await ownChat();
  const { set } = owner.api.votes;
  const refused = await errorOf(set.mutate({ messageId: question.id, vote: "up" }));
  expect(refused).toMatchObject({ errorCode: "INVALID", message: "You can only vote on answers." });
  const stranger = await callerFor("anotherUser");
  const foreign = stranger.api.votes.set.mutate({ messageId: first.id, vote: "up" });
  const absent = stranger.api.votes.set.mutate({ messageId: newId(), vote: "up" });
  expect(await errorOf(foreign)).toEqual(await errorOf(absent));
});

test("a vote goes with its chat", async () => {
  const { owner, chatId, first } = await ownChat();
  await owner.api.votes.set.mutate({ messageId: first.id, vote: "up" });
  await owner.api.chats.delete.mutate({ chatId });
  const count = await env.CONTENT_0.prepare("SELECT count(*) AS n FROM votes WHERE messageId = ?")
    .bind(first.id)
    .first<number>("n");
  expect(count).toBe(0);
});

test("votes from two pages at once end in one of them, and each page hears of both", async () => {
  const { user, owner, chatId, first } = await ownChat();
  const page = await openSubscription<ChatNews>(await callerAs(user), "chats.watch", undefined);
  await page.next();
  await Promise.all(
    (["up", "down"] as const).map((vote) =>
      owner.api.votes.set.mutate({ messageId: first.id, vote }),
    ),
  );
  const heard = [(await page.next())?.data, (await page.next())?.data];
  expect(heard).toContainEqual({ type: "voted", chatId, messageId: first.id, vote: "up" });
  expect(heard).toContainEqual({ type: "voted", chatId, messageId: first.id, vote: "down" });
  expect((await owner.api.votes.list.query({ chatId })).items).toHaveLength(1);
  await page.cancel();
});
