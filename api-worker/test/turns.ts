import { newId } from "../src/platform/ids.ts";
import type { TestClient } from "./client.ts";
import { countingText, scriptText } from "./scripted-model.ts";
import { type Chunk, type OpenStream, openStream, type StreamEvent } from "./stream.ts";

/**
 * A question whose answer counts until it is stopped. Tests of something in mid-answer use it, so
 * that they do not depend on the machine's speed.
 */
export const endlessQuestion = scriptText({ length: 1_000_000, sizes: [5], pausesMs: [5] });

/**
 * A question whose model thinks until it is stopped. It gets nowhere, so its turn ends when its object
 * dies.
 */
export const endlessThoughts = scriptText({
  length: 1,
  thoughts: 1_000_000,
  sizes: [5],
  pausesMs: [5],
});

/** A question as a browser sends it, with fresh ids unless told otherwise. */
export function question(text: string, ids: { chatId?: string; messageId?: string } = {}) {
  return {
    chatId: ids.chatId ?? newId(),
    message: {
      id: ids.messageId ?? newId(),
      parts: [{ type: "text" as const, text }],
    },
  };
}

/** Sends a question and opens a reader on its answer. */
export async function ask(client: TestClient, text: string, chatId?: string) {
  const input = question(text, chatId ? { chatId } : {});
  const sent = await client.api.messages.send.mutate(input);
  const stream = await openStream(client, { chatId: sent.chatId, streamId: sent.streamId });
  return { ...sent, input, stream };
}

/**
 * Reads until `enough` returns true.
 * @returns the events that were read
 */
export async function readUntil(
  stream: OpenStream<Chunk[]>,
  enough: (events: readonly StreamEvent<Chunk[]>[]) => boolean,
): Promise<StreamEvent<Chunk[]>[]> {
  const events: StreamEvent<Chunk[]>[] = [];
  while (!enough(events)) {
    const event = await stream.next();
    if (!event) break;
    events.push(event);
  }
  return events;
}

export const chunksOf = (events: readonly StreamEvent<Chunk[]>[]): Chunk[] =>
  events.flatMap(({ data }) => data);

/** The text of an answer. */
export const textOf = (chunks: readonly Chunk[]): string =>
  chunks.map((chunk) => (chunk.type === "text-delta" ? String(chunk.delta) : "")).join("");

/** The outcome in the terminal chunk, without its time; undefined when there was none. */
export const endOf = (chunks: readonly Chunk[]): unknown => {
  const [end] = chunks.filter(({ type }) => type === "finish");
  if (!end) return undefined;
  const { finishedAt: _, ...outcome } = end.messageMetadata as Record<string, unknown>;
  return outcome;
};

const isRestart = ({ type }: Chunk) => type === "data-restart";

/** The numbers of an answer's restarts that these chunks tell of. */
export const restartsIn = (chunks: readonly Chunk[]): number[] =>
  chunks.filter(isRestart).map(({ data }) => (data as { count: number }).count);

/** Whether an answer has restarted exactly this often, and has said something since. */
export function hasSaidAfter(chunks: readonly Chunk[], restarts: number): boolean {
  const count = restartsIn(chunks).at(-1) ?? 0;
  return count === restarts && textOf(chunks.slice(chunks.findLastIndex(isRestart) + 1)) !== "";
}

/** Numbers in a text, in order. */
export const numbersIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

export const numbersTo = (last: number): number[] =>
  Array.from({ length: last }, (_, index) => index + 1);

/**
 * The beginning of a count, which may end within a number: the expected text of an endless answer.
 */
export const countedLike = (text: string): string => countingText(text.length);
