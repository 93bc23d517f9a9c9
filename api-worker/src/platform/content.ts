import { type ContentDb, createContentDb, type HomeDb } from "db";
import { AppError } from "../errors.ts";

/** The facts that say where a user's content is. */
export interface ContentOwner {
  readonly contentShard: number;
}

/**
 * The content database of a user: the only place that maps `users.contentShard` to a binding.
 *
 * @throws AppError INTERNAL when the operator has taken away a binding that is in use
 */
export function contentFor(env: Env, owner: ContentOwner): ContentDb {
  const binding = (env as unknown as Record<string, unknown>)[`CONTENT_${owner.contentShard}`];
  if (!isD1(binding)) {
    throw new AppError("INTERNAL", "Your chats cannot be reached just now.", {
      detail: `binding CONTENT_${owner.contentShard} is missing`,
    });
  }
  return createContentDb(binding);
}

/** All content databases, whoever's content they hold. */
export function contentDatabases(env: Env): ContentDb[] {
  return Object.entries(env as unknown as Record<string, unknown>).flatMap(([name, binding]) =>
    /^CONTENT_\d+$/.test(name) && isD1(binding) ? [createContentDb(binding)] : [],
  );
}

/** The content databases that hold somebody's content, and that this worker has no binding for. */
export async function missingContentShards(env: Env, home: HomeDb): Promise<number[]> {
  const bindings = env as unknown as Record<string, unknown>;
  const rows = await home.kysely.selectFrom("users").select("contentShard").distinct().execute();
  return rows
    .map(({ contentShard }) => contentShard)
    .filter((shard) => !isD1(bindings[`CONTENT_${shard}`]));
}

function isD1(value: unknown): value is D1Database {
  return typeof value === "object" && value !== null && "prepare" in value && "batch" in value;
}
