/** Open streams over HTTP: check access, parse, call the stream's object once, respond. */

import { confirmViewer } from "../../../confirm-viewer.ts";
import type { Context } from "../../../context.ts";
import { streamLimits } from "../../../contracts/streams.ts";
import { AppError, notFound } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { contentFor } from "../../../platform/content.ts";
import { openStreamObject } from "../../../platform/open-stream-object.ts";
import { countTry } from "../../../platform/rate-limit.ts";
import { readBody } from "../../../platform/request-body.ts";
import { settingsOf } from "../../../platform/settings.ts";
import { methodNotAllowed } from "../../../responses.ts";
import type { Viewer } from "../../../viewer.ts";
import { limitsOf } from "../../limits/limits-of.ts";
import { type StorageLimits, storageFullError } from "../../limits/storage.ts";
import { inPlace } from "../../subscriptions/take-place.ts";
import { type StreamVerdict, streamAccess } from "../access.ts";
import type { EventsResult, ReadResult, StreamPlace } from "../stream-protocol.ts";
import { handleTurnRequest } from "./handle-turn-request.ts";
import {
  isTrue,
  parseAppend,
  parseConfig,
  parseContent,
  parsePath,
  parseRead,
} from "./parse-request.ts";
import { bodyOf } from "./read-pages.ts";
import {
  appendResponse,
  contentResponse,
  createdResponse,
  deletedResponse,
  eventsResponse,
  factsResponse,
} from "./stream-responses.ts";

export const streamPrefix = "/v1/stream/";

/** Paths below this are chats' answers. */
const chatsPrefix = "chats/";

const quietMs = 15_000;
const eventsLifeMs = 60_000;

/**
 * Handles a request to `/v1/stream/*`.
 *
 * @see https://github.com/durable-streams/durable-streams
 * @throws AppError for what is refused without further headers
 */
export function handleStreamRequest(ctx: Context, request: Request): Promise<Response> {
  return isLiveRead(request.method, ctx.request.url)
    ? inPlace(ctx, () => route(ctx, request))
    : route(ctx, request);
}

/** Whether a request to `/v1/stream/*` is a live read, which stays open. */
export function isLiveRead(method: string, { searchParams }: URL): boolean {
  return method === "GET" && searchParams.has("live");
}

async function route(ctx: Context, request: Request): Promise<Response> {
  const encodedPath = ctx.request.url.pathname.slice(streamPrefix.length);
  if (encodedPath.startsWith(chatsPrefix)) {
    const path = encodedPath.slice(chatsPrefix.length);
    return handleTurnRequest(ctx, request, path, eventsLifeMs);
  }
  const action = actions[request.method];
  const verdict = streamAccess(ctx.viewer, action?.kind ?? "read");
  if (verdict !== "allowed" || !ctx.viewer) throw refusal(verdict);
  if (!action) {
    const allowed = Object.keys(actions);
    return methodNotAllowed("Streams don’t support this method.", allowed, ctx.request.id);
  }
  const path = parsePath(encodedPath);
  // Refused in every spelling, because clients cannot create streams below this path.
  if (`${path}/`.startsWith(chatsPrefix)) throw notFound("stream");
  const { userId, contentShard } = ctx.viewer;
  if (action.kind === "write") await countTry(ctx.env.STREAM_WRITE_BY_USER, userId);
  const place = { userId, path, contentShard };
  return action.handle({ ctx, viewer: ctx.viewer, request, place });
}

interface Call {
  readonly ctx: Context;
  readonly request: Request;
  readonly viewer: Viewer;
  readonly place: StreamPlace;
}

interface Action {
  readonly kind: "read" | "write";
  handle(call: Call): Promise<Response>;
}

const actions: Partial<Record<string, Action>> = {
  PUT: { kind: "write", handle: create },
  POST: { kind: "write", handle: append },
  GET: { kind: "read", handle: read },
  HEAD: { kind: "read", handle: head },
  DELETE: { kind: "write", handle: remove },
};

/** @throws AppError TOO_LARGE; UNAUTHENTICATED when the token has ended meanwhile */
async function readAppend({ ctx, request }: Call): Promise<Uint8Array | null> {
  const { appendMaxBytes } = streamLimits;
  const message = `An append can have up to ${appendMaxBytes} bytes.`;
  const body = await readBody(request, appendMaxBytes, message);
  await confirmViewer(ctx);
  return body;
}

async function create(call: Call): Promise<Response> {
  const { ctx, viewer, request, place } = call;
  const { storage } = limitsOf(ctx.env, viewer);
  const config = parseConfig(request.headers, systemClock());
  const body = await readAppend(call);
  const content = body && parseContent(config.contentType, body);
  const isClosed = isTrue(request.headers.get("stream-closed"));
  const result = await openStreamObject(ctx.env, place).create({
    place,
    config,
    isClosed,
    content,
    storage,
  });
  if (result.kind === "storage-full") throw await fullError(ctx, place, storage);
  if (result.kind === "conflict") {
    throw new AppError(
      "CONFLICT",
      "A stream with a different configuration already exists at this path.",
    );
  }
  if (result.kind === "too-many-streams") {
    const { streamsPerUserMax } = streamLimits;
    const message = `You’ve reached the limit of ${streamsPerUserMax} streams. Delete one to create another.`;
    throw new AppError("CONFLICT", message);
  }
  const { origin, pathname } = ctx.request.url;
  const url = result.kind === "created" ? `${origin}${pathname}` : null;
  return createdResponse(result.facts, url, ctx.request.id);
}

async function append(call: Call): Promise<Response> {
  const { ctx, viewer, request, place } = call;
  const { storage } = limitsOf(ctx.env, viewer);
  const body = await readAppend(call);
  const command = parseAppend(request.headers, body);
  const result = await openStreamObject(ctx.env, place).append({ ...command, storage });
  if (result.kind === "storage-full") throw await fullError(ctx, place, storage);
  return appendResponse(result, command, ctx.request.id);
}

function fullError({ env }: Context, place: StreamPlace, storage: StorageLimits) {
  return storageFullError(contentFor(env, place), place.userId, storage);
}

async function read({ ctx, request, place }: Call): Promise<Response> {
  const query = parseRead(ctx.request.url.searchParams);
  const stream = openStreamObject(ctx.env, place);
  if (query.live === "sse") {
    const options = { cursor: query.cursor, quietMs, lifeMs: eventsLifeMs };
    // The stub's generated type wrongly says that a stream cannot be sent.
    const events = (await stream.events(query.from, options)) as EventsResult;
    if (events.kind !== "events") throw notRead(events.kind);
    return eventsResponse(events.facts, events.stream, ctx.request.id);
  }
  const waitMs = query.live ? settingsOf(ctx.env).openStreamWaitMs : 0;
  const content = (await stream.read(query.from, waitMs)) as ReadResult;
  if (content.kind !== "content") throw notRead(content.kind);
  const { facts, startOffset, page } = content;
  const ifNoneMatch = request.headers.get("if-none-match");
  return contentResponse(content, query, ifNoneMatch, ctx.request.id, () =>
    bodyOf(facts, startOffset, page, (offset, untilOffset) =>
      openStreamObject(ctx.env, place).readOn(facts.streamId, offset, untilOffset),
    ),
  );
}

async function head({ ctx, place }: Call): Promise<Response> {
  const facts = await openStreamObject(ctx.env, place).head();
  if (!facts) throw notFound("stream");
  return factsResponse(facts, ctx.request.id);
}

async function remove({ ctx, place }: Call): Promise<Response> {
  if (!(await openStreamObject(ctx.env, place).delete())) throw notFound("stream");
  return deletedResponse(ctx.request.id);
}

function notRead(kind: "missing" | "past-end"): AppError {
  if (kind === "missing") return notFound("stream");
  return new AppError("INVALID", "This offset is past the end of the stream.");
}

function refusal(verdict: StreamVerdict): AppError {
  switch (verdict) {
    case "needs-token":
      return new AppError("FORBIDDEN", "Writing to a stream needs an API token.");
    case "needs-scope":
      return new AppError("FORBIDDEN", "This API token lacks the scope streams.");
    default:
      return new AppError("UNAUTHENTICATED", "Send an API token, or log in.");
  }
}
