import type { Context, OwnerContext, UserContext } from "./context.ts";
import { contentFor } from "./platform/content.ts";

/** What is known of a user whose content is acted on. */
export interface Owner {
  readonly userId: string;
  readonly contentShard: number;
}

/**
 * Opens one user's content, for code that acts on it without a request of that user: the cron, or an
 * administrator. The caller has checked that it may.
 *
 * @throws AppError INTERNAL when the user's content database has no binding
 */
export function ownerContext(
  { env, home, log }: Pick<Context, "env" | "home" | "log">,
  owner: Owner,
): OwnerContext {
  return { env, home, log, userId: owner.userId, content: contentFor(env, owner) };
}

/** The viewer as the owner of their own content. */
export function ownerOf({ env, home, content, log, viewer }: UserContext): OwnerContext {
  return { env, home, content, log, userId: viewer.userId };
}
