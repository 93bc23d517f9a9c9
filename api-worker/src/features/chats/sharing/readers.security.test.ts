/** Who reads an answer of a shared chat is let go when the chat is not shared any more. */
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { beforeCall } from "../../../../test/before-call.ts";
import { anonymous, type Caller, callerFor } from "../../../../test/callers.ts";
import type { TestClient } from "../../../../test/client.ts";
import { disableUser } from "../../../../test/disable-user.ts";
import { silentQuestion } from "../../../../test/open-things.ts";
import { programOf } from "../../../../test/programs.ts";
import { openStream } from "../../../../test/stream.ts";
import { ask, chunksOf, endlessQuestion, endOf, question } from "../../../../test/turns.ts";
import { ownerContext } from "../../../owner-context.ts";
import { createLogger } from "../../../platform/log.ts";

const access = { env, home: createHomeDb(env.HOME), log: createLogger() };

/** Everyone who can read a shared chat without owning it. */
async function readersOf(): Promise<Record<string, TestClient>> {
  const ticket = anonymous();
  await ticket.api.auth.startGuest.mutate();
  const guest = anonymous();
  await guest.api.auth.startGuest.mutate();
  await guest.api.messages.send.mutate(question("count to 3"));
  const account = await callerFor("anotherUser");
  const program = await programOf(account, ["chats:read"]);
  return { visitor: anonymous(), ticket, guest, account, program };
}

const eachWith = <Outcome>(readers: Record<string, unknown>, outcome: Outcome) =>
  Object.fromEntries(Object.keys(readers).map((name) => [name, outcome]));

async function share(text: string) {
  const owner = await callerFor("owner");
  const { chatId, streamId, stream } = await ask(owner, text);
  await stream.next();
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  return { owner, chatId, streamId, stream };
}

type Shared = Awaited<ReturnType<typeof share>>;

async function read(readers: Record<string, TestClient>, { chatId, streamId }: Shared) {
  const streams = await Promise.all(
    Object.entries(readers).map(async ([name, client]) => {
      const stream = await openStream(client, { chatId, streamId });
      await stream.next();
      return [name, stream] as const;
    }),
  );
  return async () => {
    const ends = streams.map(async ([name, stream]) => {
      const end = await stream.rest().then(
        (events) => endOf(chunksOf(events)),
        (error) => error.data.errorCode,
      );
      return [name, end];
    });
    return Object.fromEntries(await Promise.all(ends));
  };
}

const hiding: Readonly<Record<string, (shared: Shared) => Promise<unknown>>> = {
  "made private": ({ owner, chatId }) =>
    owner.api.chats.setVisibility.mutate({ chatId, visibility: "private" }),
  "its owner's, who is disabled": ({ owner }) => disableUser(ownerOf(owner)),
};

const ownerOf = ({ user }: Caller) =>
  ownerContext(access, { userId: user.id, contentShard: user.contentShard });

test.each(Object.keys(hiding))(
  "readers of a silent answer are let go at once when its chat is %s",
  async (how) => {
    const shared = await share(silentQuestion);
    const readers = await readersOf();
    const ends = await read(readers, shared);
    await hiding[how]?.(shared);
    expect(await ends()).toEqual(eachWith(readers, "NOT_FOUND"));
    await shared.stream.cancel();
  },
);

test.each([
  ["deleted", ({ owner, chatId }: Shared) => owner.api.chats.delete.mutate({ chatId })],
  ["deleted with all others", ({ owner }: Shared) => owner.api.chats.deleteAll.mutate()],
] as const)("readers see an answer end when its chat is %s", async (_, remove) => {
  const shared = await share(silentQuestion);
  const readers = await readersOf();
  const ends = await read(readers, shared);
  await remove(shared);
  // A reader that is slower than the deletion finds nothing more.
  const seen = await ends();
  for (const name of Object.keys(readers)) {
    expect(["NOT_FOUND", { status: "stopped" }], name).toContainEqual(seen[name]);
  }
  await shared.stream.cancel();
});

test("the owner goes on reading, nothing twice and nothing missing, when the chat is made private", async () => {
  const shared = await share(endlessQuestion);
  const { owner, chatId, streamId, stream } = shared;
  const reader = await openStream(anonymous(), { chatId, streamId });
  await reader.next();
  await owner.api.chats.setVisibility.mutate({ chatId, visibility: "private" });
  await expect(reader.rest()).rejects.toMatchObject({ data: { errorCode: "NOT_FOUND" } });
  await stream.next();
  await owner.api.messages.stop.mutate({ chatId, streamId });
  const seqs = (await stream.rest()).map(({ id }) => Number(id.split(":")[1]));
  expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
  expect(new Set(seqs).size).toBe(seqs.length);
});

test("a reader who was let in a moment before is let go, too", async () => {
  const { owner, chatId, streamId, stream } = await share(silentQuestion);
  const real = env.CHAT;
  // The reader connects to the chat's object after its readers were disconnected.
  env.CHAT = beforeCall(real, "read", () =>
    owner.api.chats.setVisibility.mutate({ chatId, visibility: "private" }),
  );
  try {
    const reading = openStream(anonymous(), { chatId, streamId }).then((opened) => opened.rest());
    await expect(reading).rejects.toMatchObject({ data: { errorCode: "NOT_FOUND" } });
  } finally {
    env.CHAT = real;
  }
  await stream.cancel();
});
