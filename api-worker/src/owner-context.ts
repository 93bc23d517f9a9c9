import type { Context, OwnerContext, UserContext } from "./context.ts";
import { contentFor } from "./platform/content.ts";

/** The facts that lead to a user's content. */
export interface Owner {
  readonly userId: string;
  readonly contentShard: number;
}

/**
 * Opens one user's content for code that acts without a request of that user, like the cron or an
 * administrator. The caller has checked access.
 *
 * @throws AppError INTERNAL when the user's content database has no binding
 */
export function ownerContext(
  { env, home, log }: Pick<Context, "env" | "home" | "log">,
  owner: Owner,
): OwnerContext {
  const { userId, contentShard } = owner;
  return { env, home, log, userId, contentShard, content: contentFor(env, owner) };
}

/** The viewer as the owner of their own content. */
export function ownerOf({ env, home, content, log, viewer }: UserContext): OwnerContext {
  const { userId, contentShard } = viewer;
  return { env, home, content, log, userId, contentShard };
}
