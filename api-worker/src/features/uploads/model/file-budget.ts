/** Limits of the files in one model request. Newer messages take precedence. */
export const fileBudget = {
  /**
   * Bytes of files that are sent unchanged. Each is in memory several times on its way: as it is,
   * in base64, and in the request's JSON.
   */
  bytes: 12 * 1024 * 1024,
  /** Characters of text: of one file, and of all. */
  textLength: 100_000,
  allTextLength: 300_000,
} as const;
