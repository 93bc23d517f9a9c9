/** Parses HTTP requests of the Durable Streams protocol. */
import { streamLimits } from "../../../contracts/streams.ts";
import { AppError } from "../../../errors.ts";
import { checkJson } from "../../../platform/check-json.ts";
import { parseOffset } from "../offset.ts";
import {
  type AppendCommand,
  isJsonType,
  type ProducerClaim,
  type StreamConfig,
  type StreamContent,
  type StreamPosition,
} from "../stream-protocol.ts";

const mediaTypePattern = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;.*)?$/;
const defaultContentType = "application/octet-stream";
/** A whole number without sign, fraction, exponent or leading zeros. */
const wholePattern = /^(0|[1-9]\d{0,14})$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a path must not contain them.
const controlCharacters = /[\u0000-\u001f\u007f]/;

export interface ReadRequest {
  readonly from: StreamPosition;
  readonly live: "long-poll" | "sse" | null;
  readonly cursor: string | null;
}

/**
 * Decodes the path of a stream, so that two spellings name one stream.
 *
 * @param encoded the URL's path after the prefix
 * @throws AppError INVALID
 */
export function parsePath(encoded: string): string {
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    throw invalid("The stream’s path isn’t encoded correctly.");
  }
  if (path === "") throw invalid("A stream needs a path.");
  if (path.length > streamLimits.pathMaxLength) {
    throw invalid(`A stream’s path can have up to ${streamLimits.pathMaxLength} characters.`);
  }
  if (controlCharacters.test(path))
    throw invalid("A stream’s path can’t contain control characters.");
  return path;
}

/**
 * Parses the configuration of a new stream.
 *
 * @param now epoch milliseconds
 * @throws AppError INVALID
 */
export function parseConfig(headers: Headers, now: number): StreamConfig {
  for (const name of ["stream-forked-from", "stream-fork-offset", "stream-fork-sub-offset"]) {
    if (headers.has(name)) throw invalid("Forking streams isn’t supported.");
  }
  const contentType = headers.get("content-type")?.trim() || defaultContentType;
  checkLength("Content-Type", contentType);
  if (!mediaTypePattern.test(contentType)) throw invalid("Content-Type isn’t a media type.");
  return { contentType, ...parseLife(headers, now) };
}

function parseLife(headers: Headers, now: number): Pick<StreamConfig, "ttlSeconds" | "expiresAt"> {
  const [ttl, expires] = [headers.get("stream-ttl"), headers.get("stream-expires-at")];
  if (ttl !== null && expires !== null) {
    throw invalid("Send either Stream-TTL or Stream-Expires-At, not both.");
  }
  const { lifeMaxSeconds, defaultTtlSeconds } = streamLimits;
  if (expires !== null) {
    const expiresAt = /^\d{4}-\d\d-\d\dT/.test(expires) ? Date.parse(expires) : Number.NaN;
    if (Number.isNaN(expiresAt)) throw invalid("Stream-Expires-At isn’t a valid time.");
    if (expiresAt > now + lifeMaxSeconds * 1000) throw tooLong();
    return { ttlSeconds: null, expiresAt };
  }
  if (ttl === null) return { ttlSeconds: defaultTtlSeconds, expiresAt: null };
  const ttlSeconds = parseWhole(ttl);
  if (!ttlSeconds) throw invalid("Stream-TTL must be a whole number of seconds.");
  if (ttlSeconds > lifeMaxSeconds) throw tooLong();
  return { ttlSeconds, expiresAt: null };
}

function tooLong(): AppError {
  return invalid(`A stream’s lifetime can be up to ${streamLimits.lifeMaxSeconds} seconds.`);
}

/**
 * Parses an append.
 *
 * @param body null when the request has none, or an empty one
 * @throws AppError INVALID
 */
export function parseAppend(headers: Headers, body: Uint8Array | null): AppendCommand {
  const contentType = headers.get("content-type");
  const isClosing = isTrue(headers.get("stream-closed"));
  const streamSeq = headers.get("stream-seq");
  if (streamSeq !== null) checkLength("Stream-Seq", streamSeq);
  const producer = parseProducer(headers);
  if (!body) {
    if (!isClosing) throw invalid("There is nothing to append.");
    return { content: null, contentType, isClosing, streamSeq, producer };
  }
  if (!contentType) throw invalid("An append needs the stream’s Content-Type.");
  const content = parseContent(contentType, body);
  if (!content) throw invalid("An empty array has nothing to append.");
  return { content, contentType, isClosing, streamSeq, producer };
}

/**
 * Parses content into the form in which its stream holds it.
 *
 * @returns null for an empty JSON array, which has no items
 * @throws AppError INVALID for a body with a JSON type that is not JSON, or is nested too deeply;
 *   TOO_LARGE for one of too many values
 */
export function parseContent(contentType: string, body: Uint8Array): StreamContent | null {
  if (!isJsonType(contentType)) return { kind: "bytes", bytes: body };
  const items = parseItems(body);
  return items.length === 0 ? null : { kind: "json", items };
}

/** Each element of an array is an item; any other value is one item. */
function parseItems(body: Uint8Array): string[] {
  checkJson(body);
  try {
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body),
    );
    return (Array.isArray(value) ? value : [value]).map((item) => JSON.stringify(item));
  } catch {
    throw invalid("The body isn’t valid JSON.");
  }
}

function parseProducer(headers: Headers): ProducerClaim | null {
  const id = headers.get("producer-id");
  const [epochText, seqText] = [headers.get("producer-epoch"), headers.get("producer-seq")];
  if (id === null && epochText === null && seqText === null) return null;
  if (id === null || epochText === null || seqText === null) {
    throw invalid("Producer-Id, Producer-Epoch, and Producer-Seq must be sent together.");
  }
  if (id === "") throw invalid("Producer-Id is empty.");
  checkLength("Producer-Id", id);
  const [epoch, seq] = [parseWhole(epochText), parseWhole(seqText)];
  if (epoch === null || seq === null) {
    throw invalid("Producer-Epoch and Producer-Seq must be whole numbers.");
  }
  return { id, epoch, seq };
}

/**
 * Parses where and how to read.
 *
 * @throws AppError INVALID
 */
export function parseRead(query: URLSearchParams): ReadRequest {
  const offsets = query.getAll("offset");
  if (offsets.length > 1) throw invalid("Send only one offset.");
  const live = query.get("live");
  if (live !== null && live !== "long-poll" && live !== "sse") {
    throw invalid("`live` must be `long-poll` or `sse`.");
  }
  if (live !== null && offsets.length === 0) throw invalid("Live reading needs an offset.");
  return { from: parsePosition(offsets[0] ?? "-1"), live, cursor: query.get("cursor") };
}

function parsePosition(text: string): StreamPosition {
  if (text === "now") return "now";
  const offset = text === "-1" ? 0 : parseOffset(text);
  if (offset === null) throw invalid("This isn’t a valid offset.");
  return offset;
}

export function isTrue(header: string | null): boolean {
  return header?.trim().toLowerCase() === "true";
}

function parseWhole(text: string): number | null {
  return wholePattern.test(text) ? Number(text) : null;
}

function checkLength(name: string, value: string): void {
  if (value.length > streamLimits.headerMaxLength) {
    throw invalid(`${name} can have up to ${streamLimits.headerMaxLength} characters.`);
  }
}

function invalid(message: string): AppError {
  return new AppError("INVALID", message);
}
