import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect } from "vitest";
import { takeErrors, takeInfos, watchLogs } from "./logs.ts";

/** HOME and CONTENT_0 are one database, so they are migrated one after the other. */
async function migrateFirst(): Promise<void> {
  await applyD1Migrations(env.HOME, env.HOME_MIGRATIONS, "migrations_home");
  await migrateContent(env.CONTENT_0);
}

function migrateContent(database: D1Database): Promise<void> {
  return applyD1Migrations(database, env.CONTENT_MIGRATIONS, "migrations_content");
}

await Promise.all([migrateFirst(), migrateContent(env.CONTENT_1)]);

watchLogs();
beforeEach(() => {
  takeInfos();
});
afterEach(() => {
  const unexpected = takeErrors().map(({ text }) => text);
  expect(unexpected, "nothing logs an error that the test did not take").toEqual([]);
});
