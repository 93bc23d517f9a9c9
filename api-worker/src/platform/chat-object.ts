/**
 * The Durable Object of one chat. The owner is part of its name, like of the chat's key, so one
 * user's id for a chat never leads to the object of another.
 */
export function chatObject(
  env: Pick<Env, "CHAT">,
  chat: { readonly userId: string; readonly chatId: string },
): ReturnType<Env["CHAT"]["get"]> {
  return env.CHAT.get(env.CHAT.idFromName(`${chat.userId}/${chat.chatId}`));
}
