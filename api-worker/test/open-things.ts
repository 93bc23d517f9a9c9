/** Everything that a client can hold open, for tests of what ends it. */
import { TRPCClientError } from "@trpc/client";
import type { ErrorData } from "../src/contracts/errors.ts";
import { newId } from "../src/platform/ids.ts";
import type { TestClient } from "./client.ts";
import { scriptText } from "./scripted-model.ts";
import { openStream, openSubscription, StreamFailure } from "./stream.ts";
import { ask, chunksOf, question, readUntil, textOf } from "./turns.ts";

const silentLength = 20;

/** A question whose answer begins and then falls silent, so that no event ends its readers. */
export const silentQuestion = scriptText({ length: silentLength, sizes: [5], end: "silence" });

/** What a thing that is open needs. */
export interface OpenIds {
  /** A chat of the user with a live, silent answer. */
  readonly chatId: string;
  readonly streamId: string;
  /** An open stream of the user, which nobody writes to. */
  readonly path: string;
}

/** One open thing. Resolves to how it ended: an error code, or that its reader must come back. */
export type Opened = Promise<string>;

/** Opens a thing, and returns when it is open. */
export type Open = (client: TestClient, ids: OpenIds) => Promise<{ readonly end: Opened }>;

/** What both people and programs can open. */
export const openThings: Readonly<Record<string, Open>> = {
  "news of chats": async (client) => {
    const news = await openSubscription(client, "chats.watch", undefined);
    await news.next();
    return { end: codeOf(news.rest()) };
  },
  "an answer": async (client, { chatId, streamId }) => {
    const answer = await openStream(client, { chatId, streamId });
    await answer.next();
    return { end: codeOf(answer.rest()) };
  },
  "the response that started an answer": async (client) => {
    const { events } = await client.lines.messages.send.mutate(question(silentQuestion));
    const iterator = events?.[Symbol.asyncIterator]();
    await iterator?.next();
    const rest = async () => {
      while (iterator && !(await iterator.next()).done);
    };
    return { end: codeOf(rest()) };
  },
  "an answer as events": async (client, { chatId, streamId }) =>
    readEvents(client, `/v1/stream/chats/${chatId}/${streamId}?offset=-1&live=sse`),
  "a wait for more of an answer": async (client, { chatId, streamId }) =>
    waitForMore(client, `/v1/stream/chats/${chatId}/${streamId}`),
};

/** What only a reader with the scope `streams`, or a person, can open. */
export const openStreams: Readonly<Record<string, Open>> = {
  "a stream as events": async (client, { path }) =>
    readEvents(client, `/v1/stream/${path}?offset=-1&live=sse`),
  "a wait for more of a stream": async (client, { path }) =>
    waitForMore(client, `/v1/stream/${path}`),
};

/** Starts a silent answer and creates a stream, with clients that are allowed to. */
export async function idsFor(person: TestClient, program: TestClient): Promise<OpenIds> {
  const path = newId();
  const created = await program.fetch(`/v1/stream/${path}`, {
    method: "PUT",
    headers: { "content-type": "text/plain" },
    body: "x",
  });
  if (!created.ok) throw new Error(`The stream was refused with ${created.status}.`);
  const { chatId, streamId, stream } = await ask(person, silentQuestion);
  await readUntil(stream, (events) => textOf(chunksOf(events)).length === silentLength);
  await stream.cancel();
  return { chatId, streamId, path };
}

async function readEvents(client: TestClient, url: string) {
  const response = await client.fetch(url);
  if (!response.ok || !response.body) throw new Error(`Refused with ${response.status}.`);
  const reader = response.body.getReader();
  await reader.read();
  const rest = async () => {
    while (!(await reader.read()).done);
    // The connection ends without an error, and its reader is refused when it comes back.
    const again = await client.fetch(url);
    await again.body?.cancel();
    return again.ok ? "open again" : codeIn(again);
  };
  return { end: rest() };
}

async function waitForMore(client: TestClient, url: string) {
  const end = (await client.fetch(url, { method: "HEAD" })).headers.get("stream-next-offset");
  const waiting = client.fetch(`${url}?offset=${end}&live=long-poll`);
  return { end: waiting.then((response) => (response.ok ? "more" : codeIn(response))) };
}

function codeIn({ status }: Response): string {
  return { 401: "UNAUTHENTICATED", 404: "NOT_FOUND" }[status] ?? String(status);
}

/** The code of the error that reading ends with. */
async function codeOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return "no error";
  } catch (error) {
    if (error instanceof StreamFailure) return error.data.errorCode;
    if (error instanceof TRPCClientError) {
      return (error.data as ErrorData | undefined)?.errorCode ?? "no code";
    }
    throw error;
  }
}
