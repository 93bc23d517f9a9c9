/** Which object a chat has. */
export interface ChatObjectKey {
  readonly userId: string;
  readonly chatId: string;
  /** The object's name where it is not of the key: of a chat that came from a guest. */
  readonly objectName?: string | null | undefined;
}

/**
 * The Durable Object of one chat. The owner is part of its name, like of the chat's key, so one
 * user's id for a chat never leads to the object of another.
 */
export function chatObject(
  env: Pick<Env, "CHAT">,
  { userId, chatId, objectName }: ChatObjectKey,
): ReturnType<Env["CHAT"]["get"]> {
  return env.CHAT.get(env.CHAT.idFromName(objectName ?? chatObjectName({ userId, chatId })));
}

/** The name that a chat's object gets. */
export function chatObjectName({ userId, chatId }: ChatObjectKey): string {
  return `${userId}/${chatId}`;
}
