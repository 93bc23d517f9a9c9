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
 * What a socket to the user's object is for: news of a visible or a hidden page, the place of
 * another subscription, or of an import or fork.
 */
export type UserSocketKind = "news" | "hidden-news" | "place" | "copy";

/**
 * Opens a socket to the user's object.
 *
 * @param copiedBytes with `copy`: what the import or fork reads
 * @throws what the object throws when it cannot be reached
 */
export function openUserSocket(
  env: Pick<Env, "USER">,
  userId: string,
  kind: UserSocketKind,
  credential: Credential,
  copiedBytes = 0,
): Promise<Response> {
  const query = new URLSearchParams({ credential, bytes: String(copiedBytes) });
  const url = `https://user/${kind}?${query}`;
  return userObject(env, userId).fetch(url, { headers: { upgrade: "websocket" } });
}
