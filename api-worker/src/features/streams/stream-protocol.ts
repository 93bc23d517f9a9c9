/** What the worker and an open stream's object say to each other. */

/** Whose stream it is, and which. */
export type StreamPlace = {
  readonly userId: string;
  readonly path: string;
  readonly contentShard: number;
};

/** What the creator of a stream decides. */
export type StreamConfig = {
  /** As it was given; compared without its parameters. */
  readonly contentType: string;
  /** Ends the stream this long after it was last read or written; null where `expiresAt` does. */
  readonly ttlSeconds: number | null;
  /** Ends the stream then, in epoch milliseconds. */
  readonly expiresAt: number | null;
};

/** What is appended: JSON texts to a stream of JSON, bytes to any other. */
export type StreamContent =
  | { readonly kind: "json"; readonly items: readonly string[] }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** An idempotent producer numbers its appends, so that one that is sent again counts once. */
export interface ProducerClaim {
  readonly id: string;
  readonly epoch: number;
  readonly seq: number;
}

/** How a stream stands. Offsets count items in a stream of JSON, and bytes in any other. */
export type StreamFacts = StreamConfig & {
  /** Of this stream and no other, even at the same path. */
  readonly streamId: string;
  /** Where the next append goes. */
  readonly nextOffset: number;
  readonly isClosed: boolean;
};

export interface CreateCommand {
  readonly place: StreamPlace;
  readonly config: StreamConfig;
  readonly isClosed: boolean;
  /** null for an empty stream. */
  readonly content: StreamContent | null;
}

export type CreateResult =
  | { readonly kind: "created" | "exists"; readonly facts: StreamFacts }
  /** There is a stream that was created otherwise. */
  | { readonly kind: "conflict" }
  | { readonly kind: "too-many-streams" };

export interface AppendCommand {
  /** null where nothing but the end is appended. */
  readonly content: StreamContent | null;
  readonly contentType: string | null;
  readonly isClosing: boolean;
  /** Must be greater than that of the append before, where both have one. */
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

export type AppendResult =
  | { readonly kind: "missing" }
  | AppendRefusal
  | {
      /** `duplicate`: it was there already. */
      readonly kind: "appended" | "duplicate";
      readonly nextOffset: number;
      readonly isClosed: boolean;
      /** Last number of the producer that counts; null without one. */
      readonly producerSeq: number | null;
    };

/** Where to read: from an offset on, or what comes from now on. */
export type StreamPosition = number | "now";

export type ReadResult =
  | { readonly kind: "missing" }
  | { readonly kind: "past-end" }
  | {
      readonly kind: "content";
      /** As the stream stands: the reader is to get all up to here. */
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

/** Whether server-sent events carry it as it is, and not in base64. */
export function isTextType(contentType: string): boolean {
  return mediaType(contentType).startsWith("text/") || isJsonType(contentType);
}

/** The type without its parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
