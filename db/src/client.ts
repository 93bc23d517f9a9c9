import { Kysely } from "kysely";
import { D1Dialect } from "kysely-d1";
import type { ContentDatabase, HomeDatabase } from "./schema.ts";

/**
 * A Kysely instance and its D1 binding. Single queries go through `kysely`; several writes that
 * must hold together go through {@link runBatch}.
 */
export interface Database<Schema> {
  readonly kysely: Kysely<Schema>;
  readonly d1: D1Database;
}

export type HomeDb = Database<HomeDatabase>;
export type ContentDb = Database<ContentDatabase>;

/** Opens the users-and-sessions database on a D1 binding. Cheap: one for each request is fine. */
export function createHomeDb(d1: D1Database): HomeDb {
  return { d1, kysely: new Kysely<HomeDatabase>({ dialect: new D1Dialect({ database: d1 }) }) };
}

/** Opens one content database (chats, messages) on a D1 binding. */
export function createContentDb(d1: D1Database): ContentDb {
  return { d1, kysely: new Kysely<ContentDatabase>({ dialect: new D1Dialect({ database: d1 }) }) };
}
