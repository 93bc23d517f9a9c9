/** Limits of open streams, which a program meets as errors with a sentence. Imports nothing. */
export const streamLimits = {
  /** Streams that a user has at once. */
  streamsPerUserMax: 1_000,
  /** Bytes of one append, or of what a stream is created with: the client sends 1 MiB and one message. */
  appendMaxBytes: 1_500_000,
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
  /** An answer is read in pages of about this many bytes, so that none is ever whole in memory. */
  pageMaxBytes: 1_048_576,
} as const;
