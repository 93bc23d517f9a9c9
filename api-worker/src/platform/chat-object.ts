/** Identifies the object of a chat. */
export interface ChatObjectKey {
  readonly userId: string;
  readonly chatId: string;
  /** The object's name when it differs from the key, for a chat that came from a guest. */
  readonly objectName?: string | null | undefined;
}

/**
 * The Durable Object of one chat. The owner is part of its name, as of the chat's key, so an id of
 * one user never reaches the object of another.
 */
export function chatObject(
  env: Pick<Env, "CHAT">,
  { userId, chatId, objectName }: ChatObjectKey,
): ReturnType<Env["CHAT"]["get"]> {
  return env.CHAT.get(env.CHAT.idFromName(objectName ?? chatObjectName({ userId, chatId })));
}

/** The name of a chat's object. */
export function chatObjectName({ userId, chatId }: ChatObjectKey): string {
  return `${userId}/${chatId}`;
}
