import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { anonymous, callerAs, callerFor } from "../../../../test/callers.ts";
import { refusalOf } from "../../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../../test/factories.ts";
import { programOf } from "../../../../test/programs.ts";
import {
  ask,
  chunksOf,
  endlessQuestion,
  endOf,
  numbersIn,
  numbersTo,
  textOf,
} from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { formatOffset } from "../offset.ts";

type Chunk = { readonly type: string; readonly [key: string]: unknown };

/** Reads all events of a connection, as text. */
async function eventsOf(response: Response) {
  const blocks = (await response.text()).split("\n\n").filter((block) => block !== "");
  return blocks.map((block) => {
    const [, type = "", data = "null"] = /^event: (\w+)\ndata:(.*)$/.exec(block) ?? [];
    return { type, data: JSON.parse(data) as unknown };
  });
}

async function answerOf(wish: number | string) {
  const owner = await callerFor("owner");
  const answer = await ask(owner, typeof wish === "number" ? `count to ${wish}` : wish);
  const url = `/v1/stream/chats/${answer.chatId}/${answer.streamId}`;
  return { owner, answer, url, program: await programOf(owner, ["chats:read"]) };
}

test("a finished answer is a closed stream of its chunks", async () => {
  const { answer, url, program } = await answerOf(20);
  const seen = chunksOf(await answer.stream.rest());
  const response = await program.fetch(url);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(response.headers.get("stream-closed")).toBe("true");
  const chunks = await response.json<Chunk[]>();
  expect(textOf(chunks)).toBe(textOf(seen));
  expect(endOf(chunks)).toMatchObject({ status: "complete" });
  const end = response.headers.get("stream-next-offset");
  const head = await program.fetch(url, { method: "HEAD" });
  expect(head.headers.get("stream-next-offset")).toBe(end);
  expect(head.headers.get("stream-closed")).toBe("true");
  for (const query of [`?offset=${end}`, "?offset=now"]) {
    const rest = await program.fetch(`${url}${query}`);
    expect(await rest.json()).toEqual([]);
    expect(rest.headers.get("stream-closed")).toBe("true");
  }
  const poll = await program.fetch(`${url}?offset=${end}&live=long-poll`);
  expect([poll.status, poll.headers.get("stream-closed")]).toEqual([204, "true"]);
  const past = await program.fetch(`${url}?offset=${formatOffset(Number(end) + 1)}`);
  expect(past.status).toBe(400);
  const known = { "if-none-match": response.headers.get("etag") ?? "" };
  expect((await program.fetch(url, { headers: known })).status).toBe(304);
});

test("a live answer is followed by events to its end, nothing twice and nothing missing", async () => {
  const { answer, url, program } = await answerOf(300);
  const response = await program.fetch(`${url}?offset=-1&live=sse`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = await eventsOf(response);
  const chunks = events
    .filter(({ type }) => type === "data")
    .flatMap(({ data }) => data as Chunk[]);
  expect(numbersIn(textOf(chunks))).toEqual(numbersTo(300));
  expect(events.at(-1)).toMatchObject({ type: "control", data: { streamClosed: true } });
  await answer.stream.rest();
});

test("a live answer is read in steps, by waiting for more, to its end", async () => {
  const { answer, url, program } = await answerOf(300);
  const chunks: Chunk[] = [];
  let offset: string | null = "-1";
  let isClosed = false;
  while (!isClosed) {
    const response: Response = await program.fetch(`${url}?offset=${offset}&live=long-poll`);
    offset = response.headers.get("stream-next-offset");
    isClosed = response.headers.get("stream-closed") === "true";
    if (response.status === 200) chunks.push(...(await response.json<Chunk[]>()));
  }
  expect(numbersIn(textOf(chunks))).toEqual(numbersTo(300));
  await answer.stream.rest();
});

test("a live answer that is asked for its state is open", async () => {
  const { owner, answer, url, program } = await answerOf(endlessQuestion);
  await answer.stream.next();
  const head = await program.fetch(url, { method: "HEAD" });
  expect(head.headers.get("stream-closed")).toBeNull();
  const now = await program.fetch(`${url}?offset=now`);
  expect(await now.json()).toEqual([]);
  expect(now.headers.get("stream-closed")).toBeNull();
  const next = await program.fetch(`${url}?offset=now&live=long-poll`);
  expect((await next.json<Chunk[]>()).length).toBeGreaterThan(0);
  const past = await program.fetch(`${url}?offset=${formatOffset(1_000_000)}`);
  expect(past.status).toBe(400);
  const catchUp = await program.fetch(url);
  expect(catchUp.headers.get("stream-up-to-date")).toBe("true");
  expect((await catchUp.json<Chunk[]>()).length).toBeGreaterThan(0);
  await owner.api.messages.stop.mutate({ chatId: answer.chatId, streamId: answer.streamId });
  await answer.stream.rest();
});

test("an answer that only the database has is readable whole", async () => {
  const user = await createUser();
  const [owner, streamId] = [await callerAs(user), newId()];
  const chat = await createChat(user);
  const question = await createMessage(user, chat);
  const fields = { role: "assistant" as const, parentId: question.id, streamId, text: "kept" };
  await createMessage(user, chat, fields);
  const response = await owner.fetch(`/v1/stream/chats/${chat.id}/${streamId}`);
  expect(response.headers.get("stream-closed")).toBe("true");
  expect(await response.text()).toContain("kept");
  // A reader that has a part cannot get the rest, and must not mistake the part for the whole.
  for (const query of [`?offset=${formatOffset(2)}`, `?offset=${formatOffset(2)}&live=sse`]) {
    const rest = await owner.fetch(`/v1/stream/chats/${chat.id}/${streamId}${query}`);
    expect(rest.headers.get("stream-closed")).toBeNull();
    expect(await refusalOf(rest)).toMatchObject({ status: 410, code: "GONE" });
  }
});

test("who may read an answer, and who must not know of it", async () => {
  const { owner, answer, url, program } = await answerOf(3);
  await answer.stream.rest();
  const absent = `/v1/stream/chats/${newId()}/${newId()}`;
  const other = await callerFor("anotherUser");
  const clients = [
    [anonymous(), 401],
    [await callerFor("guest"), 404],
    [owner, 200],
    [program, 200],
    [await programOf(owner, ["streams", "chats:write"]), 403],
    [other, 404],
    [await programOf(other, ["chats:read"]), 404],
    [await callerFor("admin"), 404],
  ] as const;
  for (const [client, expected] of clients) {
    for (const method of ["GET", "HEAD"]) {
      const response = await client.fetch(url, { method });
      expect([method, response.status]).toEqual([method, expected]);
      const body = withoutId(await response.text());
      if (expected === 200) continue;
      const likeAbsent = await client.fetch(absent, { method });
      expect([likeAbsent.status, withoutId(await likeAbsent.text())]).toEqual([expected, body]);
    }
  }
  const { chatId, streamId } = answer;
  for (const path of [
    `${chatId}/${newId()}`,
    `${newId()}/${streamId}`,
    chatId,
    `${chatId}/x`,
    "",
  ]) {
    expect((await owner.fetch(`/v1/stream/chats/${path}`)).status).toBe(404);
    const rest = await owner.fetch(`/v1/stream/chats/${path}?offset=${formatOffset(5)}`);
    expect(rest.status).toBe(404);
  }
});

test("chat answers cannot be written as streams", async () => {
  const { owner, answer, url } = await answerOf(3);
  await answer.stream.rest();
  const program = await programOf(owner, ["streams", "chats:read", "chats:write"]);
  for (const client of [owner, program]) {
    for (const method of ["PUT", "POST", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await client.fetch(url, { method });
      expect(response.headers.get("allow")).toBe("GET, HEAD");
      expect(await refusalOf(response)).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
    }
  }
  const rows = await env.CONTENT_0.prepare("SELECT path FROM openStreams WHERE userId = ?")
    .bind(owner.user.id)
    .all();
  expect(rows.results).toEqual([]);
});

function withoutId(body: string): string {
  return body.replace(/"requestId":"[^"]*"/, "");
}
