import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { ContentDb } from "db";
import type { z } from "zod";
import type { Context, UserContext } from "../../context.ts";
import { type EventId, formatEventId, parseEventId } from "../../contracts/event-id.ts";
import type { streamEventSchema, streamInput } from "../../contracts/messages.ts";
import { AppError, notFound } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { countPublicRead } from "../../platform/rate-limit.ts";
import { toTrpcError } from "../../trpc.ts";
import { findReadableChat, type ReadableChat } from "../chats/readable-chat.ts";
import { isShown } from "../chats/shown-branch.ts";
import { takePlace } from "../subscriptions/take-place.ts";
import { readTurn, type TurnRead } from "./read-turn.ts";
import type { OpenedTurn } from "./start-turn.ts";

type StreamEvent = TrackedEnvelope<z.infer<typeof streamEventSchema>>;

/**
 * While events come, access to another user's chat is checked again after this long. A chat that is
 * made private disconnects its readers at once; this holds when that fails, and when the owner shows
 * another branch.
 */
const accessMaxMs = 500;

/**
 * Relays an answer to one reader, as `tracked("streamId:seq", chunks)`. A reader of a public chat
 * gets answers of the shown branch, as long as the chat is public.
 *
 * @throws TRPCError NOT_FOUND; UNAUTHORIZED; BAD_REQUEST for an id past the end; BAD_GATEWAY when
 *   the answer cannot be reached; TOO_MANY_REQUESTS when too many subscriptions are open
 */
export async function* streamTurn(
  ctx: Context,
  input: z.infer<typeof streamInput>,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent, void> {
  const find = async (): Promise<FoundTurn> => {
    if (ctx.viewer === null) await countPublicRead(ctx);
    const chat = await findReadableChat(ctx, input.chatId);
    const position = positionOf(input.lastEventId);
    const admission = chat.access === "read" ? new Admission(ctx, chat) : undefined;
    const turn = { ...chat.key, streamId: input.streamId ?? undefined, position, admission };
    return { content: chat.content, turn };
  };
  yield* relay(ctx, find, signal);
}

/**
 * Relays an answer that the viewer has just started, from its first chunk.
 *
 * @throws like {@link streamTurn}
 */
export async function* streamStarted(
  ctx: UserContext,
  { output: { streamId }, key, stream }: OpenedTurn,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent, void> {
  const turn = { ...key, streamId, position: undefined, admission: undefined, opened: stream };
  try {
    yield* relay(ctx, async () => ({ content: ctx.content, turn }), signal);
  } finally {
    // Nothing has read it when too many subscriptions are open. Otherwise its reader has closed it.
    await stream?.cancel().catch(() => undefined);
  }
}

/** A turn that the viewer may read, and the database of its chat. */
interface FoundTurn {
  readonly content: ContentDb;
  readonly turn: TurnRead & { readonly admission: Admission | undefined };
}

async function* relay(
  ctx: Context,
  find: () => Promise<FoundTurn>,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent, void> {
  const placing = takePlace(ctx);
  // Taken while the chat is looked up, and refused after it.
  placing.catch(() => undefined);
  try {
    const { content, turn } = await find();
    const { ended } = await placing;
    const ends = signal ? AbortSignal.any([signal, ended]) : ended;
    let isWhole = true;
    for await (const event of readTurn({ ...ctx, content }, turn, ends)) {
      ended.throwIfAborted();
      const { streamId, lastSeq, chunks } = event;
      isWhole = event.isLast;
      if (turn.admission?.isDue && !(await turn.admission.admit(streamId))) return;
      yield tracked(formatEventId({ streamId, seq: lastSeq }), [...chunks]);
    }
    ended.throwIfAborted();
    // An answer that is gone was deleted with its chat.
    if (!isWhole) await turn.admission?.confirm();
  } catch (error) {
    throw toTrpcError(error);
  } finally {
    const place = await placing.catch(() => undefined);
    place?.free();
  }
}

/** Lets a reader into another user's chat, again and again. */
class Admission {
  readonly #ctx: Context;
  readonly #chat: ReadableChat;
  #checkedAt = 0;

  constructor(ctx: Context, chat: ReadableChat) {
    this.#ctx = ctx;
    this.#chat = chat;
  }

  get isDue(): boolean {
    return systemClock() - this.#checkedAt > accessMaxMs;
  }

  /**
   * @returns whether the turn is in the shown branch
   * @throws AppError NOT_FOUND when the chat is no longer public
   */
  async admit(streamId: string): Promise<boolean> {
    const { key, content } = this.#chat;
    await this.confirm();
    if (!(await isShown(content, key, { streamId }))) return false;
    this.#checkedAt = systemClock();
    return true;
  }

  /** @throws AppError NOT_FOUND when the chat is no longer public */
  async confirm(): Promise<void> {
    await findReadableChat(this.#ctx, this.#chat.key.chatId).catch((error) => {
      // The chat could be read a moment ago, so logging in would not help.
      if (error instanceof AppError && error.code === "UNAUTHENTICATED") throw notFound("chat");
      throw error;
    });
  }
}

/** @throws AppError INVALID for text that is not one of our event ids */
function positionOf(lastEventId: string | null | undefined): EventId | undefined {
  if (!lastEventId) return undefined;
  const id = parseEventId(lastEventId);
  if (!id || !/^[0-9a-f-]{36}$/.test(id.streamId)) {
    throw new AppError("INVALID", "This isn’t a valid event ID.");
  }
  return id;
}
