/** The Durable Object of one user. */
export function userObject(env: Pick<Env, "USER">, userId: string): ReturnType<Env["USER"]["get"]> {
  return env.USER.get(env.USER.idFromName(userId));
}

/**
 * A session or a token, as the sockets to the user's object are tagged with it: whichever opened a
 * socket closes it at its own end.
 */
export type Credential = `session:${string}` | `token:${string}`;

/** The user's object closes a socket with this code when the socket's session or token has ended. */
export const credentialEndedCode = 4401;

/**
 * Opens a socket to the user's object.
 *
 * @param kind what it is for: news, or the place of another subscription
 * @throws what the object throws when it cannot be reached
 */
export function openUserSocket(
  env: Pick<Env, "USER">,
  userId: string,
  kind: "news" | "place",
  credential: Credential,
): Promise<Response> {
  const url = `https://user/${kind}?credential=${encodeURIComponent(credential)}`;
  return userObject(env, userId).fetch(url, { headers: { upgrade: "websocket" } });
}
