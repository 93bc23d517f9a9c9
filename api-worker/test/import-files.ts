/** Files to import, as our own export writes them. */

/** A message of a file. */
export const oneMessage = (fields: object = {}) => ({
  id: "m1",
  parentId: null,
  role: "user",
  parts: [{ type: "text", text: "hi" }],
  status: "complete",
  modelId: null,
  inputTokens: null,
  outputTokens: null,
  errorCode: null,
  vote: null,
  createdAt: 1,
  finishedAt: 1,
  ...fields,
});

/** A chat of a file. */
export const oneChat = (messages: readonly object[], fields: object = {}) => ({
  id: "c1",
  title: "From a file",
  titleSource: "owner",
  pinnedAt: null,
  createdAt: 1,
  updatedAt: 1,
  currentMessageId: null,
  messages,
  ...fields,
});

/** A file with these chats. */
export const fileOf = (...chats: unknown[]) => ({ format: "alleato-chat", version: 1, chats });

export const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
