/** Limits that both sides know: the web app to guide, the worker to refuse. Imports nothing. */
export const limits = {
  emailMaxLength: 254,
  passwordMinLength: 8,
  passwordMaxLength: 256,
  nameMaxLength: 100,
  titleMaxLength: 120,
  /** API tokens that a user can have at once. */
  tokensPerUserMax: 20,
  tokenLifeMaxDays: 365,
  /** Characters (UTF-16 code units) of one text part. */
  messageTextMaxLength: 32_000,
  messagePartsMax: 20,
  chatsPageMax: 100,
  messagesPageMax: 200,
  searchQueryMaxLength: 1_000,
  searchPageMax: 50,
} as const;
