/**
 * The Durable Object of one open stream. The owner is part of its name, so the streams of other
 * users cannot be addressed.
 */
export function openStreamObject(
  env: Pick<Env, "OPEN_STREAM">,
  stream: { readonly userId: string; readonly path: string },
): ReturnType<Env["OPEN_STREAM"]["get"]> {
  return env.OPEN_STREAM.get(env.OPEN_STREAM.idFromName(`${stream.userId}/${stream.path}`));
}
