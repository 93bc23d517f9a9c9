import { type ContentDb, createContentDb, type HomeDb } from "db";
import { AppError } from "../errors.ts";

/** The facts that locate a user's content. */
export interface ContentOwner {
  readonly contentShard: number;
}

/**
 * Opens the content database of a user. The only place that maps `users.contentShard` to a binding.
 *
 * @throws AppError INTERNAL when the operator has removed a binding that is in use
 */
export function contentFor(env: Env, owner: ContentOwner): ContentDb {
  const binding = (env as unknown as Record<string, unknown>)[`CONTENT_${owner.contentShard}`];
  if (!isD1(binding)) {
    throw new AppError("INTERNAL", "Your chats can’t be reached right now.", {
      detail: `binding CONTENT_${owner.contentShard} is missing`,
    });
  }
  return createContentDb(binding);
}

/** Opens all content databases. */
export function contentDatabases(env: Env): ContentDb[] {
  return Object.entries(env as unknown as Record<string, unknown>).flatMap(([name, binding]) =>
    /^CONTENT_\d+$/.test(name) && isD1(binding) ? [createContentDb(binding)] : [],
  );
}

/** Lists the content shards that are in use but have no binding in this worker. */
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
