import { expect, test } from "vitest";
import { anonymous, callerAs, callerFor } from "../test/callers.ts";
import { createUser } from "../test/factories.ts";
import { pdf, upload } from "../test/files.ts";
import { deployedCalls, startOlderObjects } from "../test/older-objects.ts";
import { openSubscription } from "../test/stream.ts";
import { newStream } from "../test/streams.ts";
import { ask, chunksOf, endlessQuestion, endOf, question, readUntil } from "../test/turns.ts";
import type { ChatNews } from "./contracts/news.ts";
import { newId } from "./platform/ids.ts";

/** Calls of faults, scripts and rarer ways, whose shapes alone are compared. */
const rareCalls = [
  "ChatObject.dropReaders",
  "ChatObject.liveSeq",
  "ChatObject.parked",
  "ChatObject.retryParked",
  "ChatObject.settle",
  "GuestBudgetObject.giveBack",
  "GuestBudgetObject.read",
  "OpenStreamObject.events",
  "OpenStreamObject.readOn",
  "SearchObject.purge",
  "UserObject.giveBackTurn",
  "UserObject.hasVisiblePage",
  "UserObject.purge",
];

test("this worker serves its users with objects that run the code of the last deployment", async () => {
  const calls = startOlderObjects();
  const owner = await callerFor("owner");

  // An answer from beginning to end, one that is stopped, and their news.
  const news = await openSubscription<ChatNews>(owner, "chats.watch", undefined);
  expect((await news.next())?.data).toMatchObject({ type: "snapshot" });
  const first = await ask(owner, "Hello");
  const chunks = chunksOf(await first.stream.rest());
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  expect((await news.next())?.data).toMatchObject({ type: "turn-started" });
  const second = await ask(owner, endlessQuestion, first.chatId);
  await readUntil(second.stream, (events) => events.length > 2);
  const { chatId, streamId } = second;
  expect(await owner.api.messages.stop.mutate({ chatId, streamId })).toMatchObject({
    status: "stopped",
  });
  const again = { chatId, messageId: second.assistantMessageId };
  expect(await owner.api.messages.regenerate.mutate(again)).toMatchObject({ chatId });
  await news.cancel();

  // A question with a PDF, which an object reads.
  const file = await upload(owner, pdf("Some text."), "paper.pdf");
  const withFile = question("What does it say?");
  const parts = [{ type: "file" as const, url: `/files/${file.id}` }, ...withFile.message.parts];
  const sent = await owner.api.messages.send.mutate({
    ...withFile,
    message: { ...withFile.message, parts },
  });
  await (await ask(owner, "And now?", sent.chatId).catch(() => null))?.stream.rest();

  expect(await owner.api.chats.search.query({ query: "hello" })).toHaveProperty("items");
  expect(await owner.api.account.usage.query({})).toHaveProperty("today");
  const copy = await owner.api.chats.fork.mutate({ chatId: first.chatId });
  expect(copy.id).not.toBe(first.chatId);
  await owner.api.chats.delete.mutate({ chatId: first.chatId });
  await owner.api.auth.sessions.revokeAll.mutate();

  // A guest, whose turns count against budgets, and tries to sign in.
  const guest = anonymous();
  await guest.api.auth.startGuest.mutate();
  const { stream } = await ask(guest, "Hello");
  expect(endOf(chunksOf(await stream.rest()))).toMatchObject({ status: "complete" });
  const wrong = { email: `${owner.user.id}@example.com`, password: "not my password" };
  await expect(anonymous().api.auth.logIn.mutate(wrong)).rejects.toThrow();
  const account = { email: `${newId()}@example.com`, password: "tea before noon" };
  await anonymous().api.auth.signUp.mutate(account);
  await anonymous().api.auth.logIn.mutate(account);
  await (await callerAs(await createUser())).api.chats.deleteAll.mutate();

  // An open stream of a program.
  const open = await newStream();
  expect((await open.put("first")).status).toBe(201);
  expect((await open.post("second")).status).toBeLessThan(300);
  expect(await (await open.get("?offset=-1")).text()).toBe("firstsecond");
  expect((await open.head()).status).toBe(200);
  expect((await open.remove()).status).toBeLessThan(300);

  const missed = Object.keys(deployedCalls).filter(
    (call) => !calls.has(call) && !call.includes(",") && !rareCalls.includes(call),
  );
  expect(missed).toEqual([]);
});
