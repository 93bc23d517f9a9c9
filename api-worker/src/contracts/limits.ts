/**
 * Limits that both sides use: the web app to guide users, the worker to enforce. Imports nothing.
 */
export const limits = {
  /**
   * Subscriptions and live reads that a user may have open at once: as many as a browser opens to
   * one site over HTTP/2, so that no number of tabs reaches it.
   */
  subscriptionsPerUserMax: 100,
  /** The same of all visitors without an account who share an address. */
  subscriptionsPerAddressMax: 200,
  /** Calls that one request may batch. */
  batchCallsMax: 20,
  /** Bytes of a request's body: without a login, and with one. Imports and files have their own. */
  anonymousBodyMaxBytes: 16_000,
  /** Large enough for the longest message as JSON, with each character escaped. */
  bodyMaxBytes: 2_000_000,
  /** Nesting depth of any JSON that a request brings, and its values (objects, arrays, items). */
  jsonDepthMax: 100,
  jsonValuesMax: 1_500_000,
  emailMaxLength: 254,
  /** Characters of a new password in Unicode's composed form (NFC). */
  passwordMinLength: 8,
  passwordMaxLength: 256,
  /** UTF-16 code units of a password as it was typed. */
  passwordMaxUnits: 1_024,
  nameMaxLength: 100,
  titleMaxLength: 120,
  /** API tokens that a user can have at once. */
  tokensPerUserMax: 20,
  tokenLifeMaxDays: 365,
  /** Browsers of a user that get notifications while they are closed. */
  pushSubscriptionsPerUserMax: 10,
  /** Characters (UTF-16 code units) of one text part. */
  messageTextMaxLength: 32_000,
  messagePartsMax: 20,
  chatsPageMax: 100,
  messagesPageMax: 200,
  /** UTF-8 bytes of a page's parts as JSON. A page has at least one message, however long. */
  messagesPageMaxBytes: 500_000,
  searchQueryMaxLength: 1_000,
  searchPageMax: 50,
  /**
   * Searches that run or wait at once: of a user, of the guests of an address, and of all. The
   * searches of one user run one after another.
   */
  searchesPerUserMax: 5,
  searchesPerAddressMax: 10,
  searchesMax: 100,
  /** Limits of one import request: its body, its chats, and one chat. */
  importMaxBytes: 16_000_000,
  importChatsMax: 200,
  importMessagesMax: 20_000,
  importPartsMax: 500,
  /** UTF-8 bytes of a message's parts as JSON, so that they fit into a D1 row. */
  importMessageMaxBytes: 950_000,
  /** Nesting depth of objects and arrays. */
  importDepthMax: 64,
  /** Messages of a branch that can be copied into a new chat, and the bytes of their parts. */
  forkMessagesMax: 5_000,
  forkMaxBytes: 12_000_000,
  /** Documents of an imported chat, and versions of all of them. */
  importDocumentsMax: 500,
  importVersionsMax: 5_000,
  /** Bytes that a user can import and copy within a minute: twice the largest import. */
  copyBytesPerMinute: 32_000_000,
  /** UTF-8 bytes of a document's content, so that it fits into a D1 row. */
  documentMaxBytes: 1_500_000,
  documentsPageMax: 100,
  /** Suggestions of one call of the tool, and open ones of one document. */
  suggestionsPerCallMax: 5,
  openSuggestionsMax: 50,
  /** Characters of the name of a programming language. */
  languageMaxLength: 40,
  /** Characters of a displayed file name, and files of one message. */
  fileNameMaxLength: 120,
  filesPerMessageMax: 10,
  uploadsPageMax: 100,
  /** A thumbnail, which the browser makes. */
  thumbnailMaxBytes: 200_000,
  thumbnailMaxPx: 1_024,
  /**
   * A picture's width times height, and each of the two. Larger pictures slow down the browsers
   * that show them.
   */
  pictureMaxPixels: 50_000_000,
  pictureMaxPx: 16_384,
} as const;
