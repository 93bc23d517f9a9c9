/** Limits of open streams, which a program meets as errors with a sentence. Imports nothing. */
export const streamLimits = {
  /** Streams that a user has at once. */
  streamsPerUserMax: 1_000,
  /** Bytes of one append, and of the content that a stream is created with. */
  appendMaxBytes: 1_048_576,
  /** Bytes of one stream. An append counts as {@link appendMinBytes} at least. */
  streamMaxBytes: 64 * 1_048_576,
  appendMinBytes: 64,
  /** Idempotent producers of one stream. */
  producersMax: 1_000,
  /** Characters, decoded. */
  pathMaxLength: 500,
  /** Characters of Content-Type, Producer-Id and Stream-Seq. */
  headerMaxLength: 256,
  /** What a stream lives without being read or written, where its creator did not say. */
  defaultTtlSeconds: 24 * 60 * 60,
  lifeMaxSeconds: 30 * 24 * 60 * 60,
  /** About as many bytes go into one answer; the rest is for the next. */
  readMaxBytes: 1_048_576,
} as const;
