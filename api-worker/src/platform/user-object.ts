/** The Durable Object of one user. */
export function userObject(env: Pick<Env, "USER">, userId: string): ReturnType<Env["USER"]["get"]> {
  return env.USER.get(env.USER.idFromName(userId));
}
