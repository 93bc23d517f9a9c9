/** `/v1/stream/chats/{chatId}/{streamId}`: a chat's answer as a read-only stream. */

import type { Context } from "../../../context.ts";
import { AppError, notFound } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { errorResponse, methodNotAllowed } from "../../../responses.ts";
import { findReadableChat } from "../../chats/readable-chat.ts";
import { turnAccess } from "../access.ts";
import { nextCursor } from "../cursor.ts";
import type { Slice } from "../object/stream-readers.ts";
import { encodeEvents } from "../stream-events.ts";
import { followTurn, readTurnContent, type TurnContent, type TurnKey } from "./chat-turn.ts";
import { parseRead, type ReadRequest } from "./parse-request.ts";
import { contentResponse, eventsResponse, factsResponse } from "./stream-responses.ts";

const pathPattern = /^([0-9a-f-]{36})\/([0-9a-f-]{36})$/;

/**
 * Handles a request for an answer in one of the viewer's own chats.
 *
 * @param path the part after `chats/`
 * @param eventsLifeMs how long a connection with server-sent events lasts
 * @throws AppError NOT_FOUND, the same for another owner's answer and for a missing one
 */
export async function handleTurnRequest(
  ctx: Context,
  request: Request,
  path: string,
  eventsLifeMs: number,
): Promise<Response> {
  const verdict = turnAccess(ctx.viewer);
  if (verdict === "unauthenticated" || !ctx.viewer) {
    throw new AppError("UNAUTHENTICATED", "Send an API token, or log in.");
  }
  if (verdict === "needs-scope") {
    throw new AppError("FORBIDDEN", "This API token lacks the scope chats:read.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") return readOnly(ctx);
  const [, chatId, streamId] = pathPattern.exec(path) ?? [];
  if (!chatId || !streamId) throw notFound("stream");
  const { access, content, key } = await findReadableChat(ctx, chatId);
  if (access !== "own") throw notFound("chat");
  const read = { env: ctx.env, content };
  const turn: TurnKey = { ...key, streamId };
  const isHead = request.method === "HEAD";
  const query: ReadRequest = isHead
    ? { from: "now", live: null, cursor: null }
    : parseRead(ctx.request.url.searchParams);
  const waitMs = query.live === "long-poll" ? settingsOf(ctx.env).openStreamWaitMs : 0;
  const part = await readTurnContent(read, turn, query.from, waitMs);
  if (!part) throw notFound("stream");
  if (part === "gone") return gone(ctx);
  if (isHead) return factsResponse(part.facts, ctx.request.id);
  if (query.live === "sse") {
    const left = new AbortController();
    const slices = followAfter(part, (offset) => followTurn(read, turn, offset, left.signal));
    const stream = eventsOf(slices, query.cursor, eventsLifeMs, () => left.abort());
    return eventsResponse(part.facts, stream, ctx.request.id);
  }
  const body = () => `[${part.items.join(",")}]`;
  const ifNoneMatch = request.headers.get("if-none-match");
  return contentResponse(part, query, ifNoneMatch, ctx.request.id, body);
}

/** First the existing chunks, then new ones as they come. */
async function* followAfter(
  { facts, items }: TurnContent,
  follow: (offset: number) => AsyncGenerator<Slice, void>,
): AsyncGenerator<Slice, void> {
  const { nextOffset, isClosed } = facts;
  const data = items.length > 0 ? `[${items.join(",")}]` : null;
  yield { data, nextOffset, isUpToDate: true, isEnd: isClosed };
  if (!isClosed) yield* follow(nextOffset);
}

/**
 * Server-sent events for a limited time. A client that follows longer reconnects with its offset.
 */
function eventsOf(
  slices: AsyncGenerator<Slice, void>,
  sentCursor: string | null,
  lifeMs: number,
  leave: () => void,
): ReadableStream<Uint8Array> {
  const timer = setTimeout(leave, lifeMs);
  const end = () => {
    clearTimeout(timer);
    leave();
  };
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await slices.next();
        if (done) {
          end();
          return controller.close();
        }
        const { data, nextOffset, isUpToDate, isEnd } = value;
        const cursor = nextCursor(sentCursor, systemClock());
        controller.enqueue(encodeEvents(data, { nextOffset, cursor, isUpToDate, isClosed: isEnd }));
        if (!isEnd) return;
        end();
        controller.close();
      },
      cancel: end,
    },
    // Reads nothing before the client asks for it.
    { highWaterMark: 0 },
  );
}

/** The protocol's response to an offset before the earliest one that is kept. */
function gone(ctx: Context): Response {
  const message =
    "The chunks of this answer are no longer kept. Read the whole answer from offset -1.";
  return errorResponse("GONE", message, ctx.request.id);
}

function readOnly(ctx: Context): Response {
  const message = "A chat’s answer can be read here but not written.";
  return methodNotAllowed(message, ["GET", "HEAD"], ctx.request.id);
}
