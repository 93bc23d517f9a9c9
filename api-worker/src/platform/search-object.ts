/** The Durable Object with one user's search index. */
export function searchObject(
  env: Pick<Env, "SEARCH">,
  userId: string,
): ReturnType<Env["SEARCH"]["get"]> {
  return env.SEARCH.get(env.SEARCH.idFromName(userId));
}
