import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { guestBudget } from "../src/features/limits/guests/guest-budget.ts";
import { siteBudget } from "../src/features/limits/site/site-budget.ts";
import { utcDay } from "../src/platform/utc-day.ts";

/** Resets storage for a test file to its state before the first request: tables without rows. */
export async function renewStorage(): Promise<void> {
  await wakeStorage();
  await reset();
  await Promise.all([
    migrateFirst(),
    migrate(env.CONTENT_1, "migrations_content", env.CONTENT_MIGRATIONS),
  ]);
}

/**
 * Loads the databases, the bucket and the namespace into memory. In the runtime they are objects
 * too, which leave it after ten idle seconds, and `reset` deletes only what is in memory. It leaves
 * out chats, users and streams that were idle, but those have random names, so no later test meets
 * them.
 */
async function wakeStorage(): Promise<void> {
  await Promise.all([
    env.FILES.list({ limit: 1 }),
    env.STREAMS.list({ limit: 1 }),
    // The objects whose names are not random.
    guestBudget(env, utcDay(Date.now())).read(null),
    siteBudget(env).usedToday(),
    ...[env.HOME, env.CONTENT_1].map((database) => database.prepare("SELECT 1").run()),
  ]);
}

/** HOME and CONTENT_0 are one database, so they are migrated one after the other. */
async function migrateFirst(): Promise<void> {
  await migrate(env.HOME, "migrations_home", env.HOME_MIGRATIONS);
  await migrate(env.CONTENT_0, "migrations_content", env.CONTENT_MIGRATIONS);
}

/**
 * Does what `applyD1Migrations` does to an empty database, in one transaction: one by one, the
 * migrations before every test file take a tenth of the tests' time.
 */
async function migrate(
  database: D1Database,
  ledger: string,
  migrations: typeof env.HOME_MIGRATIONS,
): Promise<void> {
  const createLedger = `CREATE TABLE ${ledger}(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
  )`;
  await database.batch([
    database.prepare(createLedger),
    ...migrations.flatMap(({ name, queries }) => [
      ...queries.map((query) => database.prepare(query)),
      database.prepare(`INSERT INTO ${ledger} (name) VALUES (?)`).bind(name),
    ]),
  ]);
}
