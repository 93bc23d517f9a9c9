/**
 * Builds rows with default values, for the seed and for tests. The caller passes only the values
 * that matter.
 */
import type { ChatRow, MessageRow, UserRow } from "./src/schema.ts";

/** The password of every demo and test user. Not a common one, which sign-up would refuse. */
export const demoPassword = "tea before noon";

/**
 * `demoPassword` as the worker hashes passwords (scrypt, its parameters inside). Made once,
 * because this package does not import the worker; a test logs in with it.
 */
export const demoPasswordHash =
  "$scrypt$ln=15,r=8,p=3$uY/HY5BpBYBvgkR398ECHA$5tbi2Z9gVRgUUs4qJffKEuEY6yvUEvz3FiLpuJGsSIQ";

/**
 * Builds a user.
 * @param fields `id` and the values that matter; `email: null` makes a guest
 */
export function userRow(fields: Partial<UserRow> & Pick<UserRow, "id" | "createdAt">): UserRow {
  const isGuest = fields.isGuest ?? (fields.email === null ? 1 : 0);
  return {
    email: isGuest ? null : `${fields.id}@example.com`,
    passwordHash: isGuest ? null : demoPasswordHash,
    name: null,
    role: "user",
    contentShard: 0,
    emailVerifiedAt: null,
    disabledAt: null,
    carriedToUserId: null,
    carriedAt: null,
    ...fields,
    isGuest,
  };
}

export function chatRow(
  fields: Partial<ChatRow> & Pick<ChatRow, "userId" | "id" | "createdAt">,
): ChatRow {
  return {
    title: "A chat",
    titleSource: "model",
    visibility: "private",
    pinnedAt: null,
    currentMessageId: null,
    objectName: null,
    importKey: null,
    arrivingSince: null,
    updatedAt: fields.createdAt,
    ...fields,
  };
}

/**
 * Builds a message.
 * @param fields `text` becomes the only part, unless `parts` is given
 */
export function messageRow({
  text = "Hello",
  ...fields
}: Partial<MessageRow> &
  Pick<MessageRow, "userId" | "id" | "chatId" | "role" | "createdAt"> & {
    text?: string;
  }): MessageRow {
  return {
    parentId: null,
    parts: JSON.stringify([{ type: "text", text }]),
    status: "complete",
    modelId: fields.role === "assistant" ? "demo" : null,
    streamId: null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    finishedAt: fields.createdAt,
    ...fields,
  };
}
