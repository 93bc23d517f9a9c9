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
  /** Of one request to import: its body, its chats, and what one chat may have. */
  importMaxBytes: 16_000_000,
  importChatsMax: 200,
  importMessagesMax: 20_000,
  importPartsMax: 500,
  /** UTF-8 bytes of a message's parts as JSON: what fits into a row of the database. */
  importMessageMaxBytes: 950_000,
  /** Objects and arrays within each other. */
  importDepthMax: 64,
  /** Messages of a branch that can be copied into a new chat. */
  forkMessagesMax: 5_000,
  /** Of a file's name as it is shown, and of a question's files. */
  fileNameMaxLength: 120,
  filesPerMessageMax: 10,
  uploadsPageMax: 100,
  /** A small picture of a picture, made by the browser. */
  thumbnailMaxBytes: 200_000,
  thumbnailMaxPx: 1_024,
  /** A picture's width times height, and each of them: more is a burden for whoever opens it. */
  pictureMaxPixels: 50_000_000,
  pictureMaxPx: 16_384,
} as const;
