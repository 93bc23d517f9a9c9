/** The calls between the worker and an open stream's object. */
import type { StorageLimits } from "../limits/storage.ts";

/** A stream's owner and path, and the shard that holds the owner's list of streams. */
export type StreamPlace = {
  readonly userId: string;
  readonly path: string;
  readonly contentShard: number;
};

/** What the request that creates a stream decides. */
export type StreamConfig = {
  /** As the creator sent it. Compared without its parameters. */
  readonly contentType: string;
  /** The stream ends this long after its last read or write; null when `expiresAt` decides. */
  readonly ttlSeconds: number | null;
  /** When the stream ends, in epoch milliseconds; null when `ttlSeconds` decides. */
  readonly expiresAt: number | null;
};

/** Content of an append: JSON texts for a JSON stream, bytes for any other. */
export type StreamContent =
  | { readonly kind: "json"; readonly items: readonly string[] }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** An idempotent producer numbers its appends, so that a repeated one counts once. */
export interface ProducerClaim {
  readonly id: string;
  readonly epoch: number;
  readonly seq: number;
}

/** The state of a stream. Offsets count items in a JSON stream, and bytes in any other. */
export type StreamFacts = StreamConfig & {
  /** Unique: another stream at the same path gets another id. */
  readonly streamId: string;
  /** Offset of the next append. */
  readonly nextOffset: number;
  readonly isClosed: boolean;
};

export interface CreateCommand {
  readonly place: StreamPlace;
  readonly config: StreamConfig;
  readonly isClosed: boolean;
  /** null for an empty stream. */
  readonly content: StreamContent | null;
  /** The limits of the owner's storage, which the stream must fit into. */
  readonly storage: StorageLimits;
}

export type CreateResult =
  | { readonly kind: "created" | "exists"; readonly facts: StreamFacts }
  /** A stream with another configuration is at this path. */
  | { readonly kind: "conflict" }
  | { readonly kind: "too-many-streams" }
  | StorageFull;

/** An append, with the limits of the owner's storage, which it must fit into. */
export type FittingAppend = AppendCommand & { readonly storage: StorageLimits };

export interface AppendCommand {
  /** null for an append that only closes the stream. */
  readonly content: StreamContent | null;
  readonly contentType: string | null;
  readonly isClosing: boolean;
  /** Must be greater than that of the previous append, when both have one. */
  readonly streamSeq: string | null;
  readonly producer: ProducerClaim | null;
}

export type AppendRefusal =
  | { readonly kind: "closed"; readonly nextOffset: number }
  | { readonly kind: "other-type"; readonly contentType: string }
  | { readonly kind: "stale-epoch"; readonly epoch: number }
  | { readonly kind: "epoch-not-from-0" }
  | { readonly kind: "gap"; readonly expectedSeq: number }
  | { readonly kind: "sequence-conflict" }
  | { readonly kind: "too-large" }
  | { readonly kind: "too-many-producers" };

/** The content does not fit into the owner's storage. */
interface StorageFull {
  readonly kind: "storage-full";
}

export type AppendResult =
  | { readonly kind: "missing" }
  | StorageFull
  | AppendRefusal
  | {
      /** `duplicate`: this append was stored before. */
      readonly kind: "appended" | "duplicate";
      readonly nextOffset: number;
      readonly isClosed: boolean;
      /** The producer's last accepted number; null for an append without a producer. */
      readonly producerSeq: number | null;
    };

/** Where to read from: an offset, or only what comes from now on. */
export type StreamPosition = number | "now";

export type ReadResult =
  | { readonly kind: "missing" }
  | { readonly kind: "past-end" }
  | {
      readonly kind: "content";
      /** The state of the stream. The reader gets everything up to its `nextOffset`. */
      readonly facts: StreamFacts;
      readonly startOffset: number;
      readonly page: Page;
    };

/** A piece of a stream: bytes, or items of JSON with commas between them. */
export interface Page {
  readonly body: Uint8Array;
  readonly nextOffset: number;
}

export type EventsResult =
  | { readonly kind: "missing" }
  | { readonly kind: "past-end" }
  | { readonly kind: "events"; readonly facts: StreamFacts; readonly stream: ReadableStream };

/** Whether the content type is JSON, whose streams hold items. */
export function isJsonType(contentType: string): boolean {
  return mediaType(contentType) === "application/json";
}

/** Whether server-sent events carry this type as text, and not in base64. */
export function isTextType(contentType: string): boolean {
  return mediaType(contentType).startsWith("text/") || isJsonType(contentType);
}

/** The media type without its parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
