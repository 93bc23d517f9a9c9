/** Responses in terms of the Durable Streams protocol. */

import type { ErrorCode } from "../../../contracts/errors.ts";
import { notFound } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { apiHeaders, errorResponse } from "../../../responses.ts";
import { nextCursor } from "../cursor.ts";
import { formatOffset } from "../offset.ts";
import {
  type AppendCommand,
  type AppendResult,
  isTextType,
  type StreamFacts,
} from "../stream-protocol.ts";
import type { ReadRequest } from "./parse-request.ts";

/**
 * Headers of every response. A stream has the type that its creator chose, which may be HTML. Even
 * if a link leads a browser with the owner's cookie here, it saves the content and runs none of it.
 */
function streamHeaders(requestId: string): Record<string, string> {
  return {
    ...apiHeaders(requestId),
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy":
      "default-src 'none'; base-uri 'none'; sandbox; frame-ancestors 'none'",
    "content-disposition": "attachment",
  };
}

/** The response with a stream's state and no content. */
export function factsResponse(facts: StreamFacts, requestId: string): Response {
  const { contentType, ttlSeconds, expiresAt } = facts;
  return new Response(null, {
    headers: {
      ...streamHeaders(requestId),
      ...standing(facts.nextOffset, facts.isClosed),
      "content-type": contentType,
      etag: etagOf(facts, 0),
      ...(ttlSeconds !== null && { "stream-ttl": String(ttlSeconds) }),
      ...(expiresAt !== null && { "stream-expires-at": new Date(expiresAt).toISOString() }),
    },
  });
}

/** @param url the stream's address, for a new stream */
export function createdResponse(
  facts: StreamFacts,
  url: string | null,
  requestId: string,
): Response {
  return new Response(null, {
    status: url === null ? 200 : 201,
    headers: {
      ...streamHeaders(requestId),
      ...standing(facts.nextOffset, facts.isClosed),
      "content-type": facts.contentType,
      ...(url !== null && { location: url }),
    },
  });
}

export function deletedResponse(requestId: string): Response {
  return new Response(null, { status: 204, headers: streamHeaders(requestId) });
}

/**
 * The response with a stream's content from an offset to its current end.
 *
 * @param body called when there is content to send
 */
export function contentResponse(
  { facts, startOffset }: { readonly facts: StreamFacts; readonly startOffset: number },
  { from, live, cursor }: ReadRequest,
  ifNoneMatch: string | null,
  requestId: string,
  body: () => BodyInit,
): Response {
  const { nextOffset, isClosed } = facts;
  const headers = {
    ...streamHeaders(requestId),
    ...standing(nextOffset, isClosed),
    "stream-up-to-date": "true",
    ...(live && { "stream-cursor": nextCursor(cursor, systemClock()) }),
  };
  if (live && nextOffset === startOffset) return new Response(null, { status: 204, headers });
  const typed = { ...headers, "content-type": facts.contentType };
  // Without an ETag, because the meaning of "now" changes all the time.
  if (from === "now") return new Response(body(), { headers: typed });
  const etag = etagOf(facts, startOffset);
  const kept = { ...typed, etag, "cache-control": "private, no-cache" };
  if (isKnown(ifNoneMatch, etag)) return new Response(null, { status: 304, headers: kept });
  return new Response(body(), { headers: kept });
}

/** A stream of server-sent events. */
export function eventsResponse(
  facts: Pick<StreamFacts, "contentType">,
  stream: ReadableStream,
  requestId: string,
): Response {
  return new Response(stream, {
    headers: {
      ...streamHeaders(requestId),
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      ...(!isTextType(facts.contentType) && { "stream-sse-data-encoding": "base64" }),
    },
  });
}

/** @throws AppError NOT_FOUND */
export function appendResponse(
  result: Exclude<AppendResult, { kind: "storage-full" }>,
  { producer, content }: AppendCommand,
  requestId: string,
): Response {
  const refuse = (code: ErrorCode, message: string, headers: Record<string, string> = {}) =>
    errorResponse(code, message, requestId, {
      headers: { ...streamHeaders(requestId), ...headers },
    });
  switch (result.kind) {
    case "missing":
      throw notFound("stream");
    case "appended":
    case "duplicate": {
      const isNews = result.kind === "appended" && producer !== null && content !== null;
      return new Response(null, {
        status: isNews ? 200 : 204,
        headers: {
          ...streamHeaders(requestId),
          ...standing(result.nextOffset, result.isClosed),
          ...(producer && { "producer-epoch": String(producer.epoch) }),
          ...(result.producerSeq !== null && { "producer-seq": String(result.producerSeq) }),
        },
      });
    }
    case "closed":
      return refuse("CONFLICT", "This stream is closed.", standing(result.nextOffset, true));
    case "other-type":
      return refuse("CONFLICT", `This stream takes ${result.contentType}.`);
    case "stale-epoch":
      return refuse("FORBIDDEN", "Another instance of this producer has taken over.", {
        "producer-epoch": String(result.epoch),
      });
    case "epoch-not-from-0":
      return refuse("INVALID", "A new Producer-Epoch must start with Producer-Seq 0.");
    case "gap":
      return refuse("CONFLICT", `Expected Producer-Seq ${result.expectedSeq} first.`, {
        "producer-expected-seq": String(result.expectedSeq),
        "producer-received-seq": String(producer?.seq),
      });
    case "sequence-conflict":
      return refuse("CONFLICT", "Stream-Seq must be greater than that of the previous append.");
    case "too-large":
      return refuse("TOO_LARGE", "This stream is full. Close it and start another.");
    case "too-many-producers":
      return refuse("TOO_LARGE", "This stream has had too many producers.");
  }
}

/** The stream's position, in the headers of every response. */
function standing(nextOffset: number, isEnd: boolean): Record<string, string> {
  return {
    "stream-next-offset": formatOffset(nextOffset),
    ...(isEnd && { "stream-closed": "true" }),
  };
}

function etagOf({ streamId, nextOffset, isClosed }: StreamFacts, from: number): string {
  return `"${streamId}:${from}:${nextOffset}${isClosed ? ":end" : ""}"`;
}

function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  const known = (ifNoneMatch ?? "").split(",").map((text) => text.trim().replace(/^W\//, ""));
  return known.includes(etag) || known.includes("*");
}
