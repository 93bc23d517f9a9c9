/** Limits of open streams, which programs get as errors. Imports nothing. */
export const streamLimits = {
  /** Streams that one user may have. */
  streamsPerUserMax: 1_000,
  /**
   * Bytes of one append or of a stream's initial content: the official client sends 1 MiB and one
   * message.
   */
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
  /** Lifetime without reads and writes, when the creator sent none. */
  defaultTtlSeconds: 24 * 60 * 60,
  lifeMaxSeconds: 30 * 24 * 60 * 60,
  /** Responses are read in pages of about this size, so that none is completely in memory. */
  pageMaxBytes: 1_048_576,
} as const;
