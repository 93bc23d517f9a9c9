import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { guestBudget } from "../src/features/limits/guests/guest-budget.ts";
import { siteBudget } from "../src/features/limits/site/site-budget.ts";
import { utcDay } from "../src/platform/utc-day.ts";

/** How often storage is reset before a test file gives up. */
const maxResets = 5;

/** Resets storage for a test file to its state before the first request: tables without rows. */
export async function renewStorage(): Promise<void> {
  await emptyStorage();
  await Promise.all([
    migrateFirst(),
    migrate(env.CONTENT_1, "migrations_content", env.CONTENT_MIGRATIONS),
  ]);
}

/** Resets until storage is empty: on a busy machine what was woken can be idle again at the reset. */
async function emptyStorage(): Promise<void> {
  for (let resets = 0; resets < maxResets; resets++) {
    await wakeStorage();
    await reset();
    if (await isStorageEmpty()) return;
  }
  throw new Error(`The storage is not empty after ${maxResets} resets.`);
}

async function isStorageEmpty(): Promise<boolean> {
  const [{ objects }, { keys }, ...tables] = await Promise.all([
    env.FILES.list({ limit: 1 }),
    env.STREAMS.list({ limit: 1 }),
    ...[env.HOME, env.CONTENT_1].map((database) =>
      // Tables of the runtime's own begin with an underscore.
      database
        .prepare("SELECT 1 FROM sqlite_schema WHERE substr(name, 1, 1) <> '_' LIMIT 1")
        .first(),
    ),
  ]);
  return objects.length === 0 && keys.length === 0 && tables.every((table) => table === null);
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
