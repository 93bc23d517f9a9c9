import { type ContentDb } from "db";
/** The facts that say where a user's content is. */
export interface ContentOwner {
  readonly contentShard: number;
}
/**
 * The content database of a user: the only place that maps `users.contentShard` to a binding.
 *
 * @throws AppError INTERNAL when the operator has taken away a binding that is in use
 */
export declare function contentFor(env: Env, owner: ContentOwner): ContentDb;
