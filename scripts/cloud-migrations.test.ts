import { afterEach, beforeEach, expect, test } from "vitest";
import { type CloudflareApi, cloudflareApi } from "./lib/cloudflare/api.ts";
import { findPending, migrateDatabase } from "./lib/cloudflare/migrate.ts";
import { createDatabase } from "./lib/cloudflare/resources.ts";
import {
  type StandIn,
  standInAccount,
  standInToken,
  startCloudflareStandIn,
} from "./lib/cloudflare/stand-in.ts";
import type { MigratedDatabase } from "./lib/cloudflare/target.ts";
import { readMigrations } from "./lib/migration-files.ts";

let cloudflare: StandIn;
let api: CloudflareApi;
let home: MigratedDatabase;
let lines: string[];

beforeEach(async () => {
  cloudflare = await startCloudflareStandIn();
  const base = { token: standInToken, accountId: standInAccount, baseUrl: cloudflare.url };
  api = cloudflareApi({ ...base, pauseMs: 1 });
  home = {
    binding: "HOME",
    database_id: await createDatabase(api, "alleato-chat"),
    migrations_dir: "db/migrations/home",
    migrations_table: "migrations_home",
  };
  lines = [];
});
afterEach(() => cloudflare.stop());

const names = [...readMigrations().keys()].filter((path) => path.startsWith("home/"));
const migrate = () => migrateDatabase(api, home, (line) => lines.push(line));
const query = (sql: string) => {
  const [database] = cloudflare.state.databases.values();
  return database?.sqlite.prepare(sql).all() ?? [];
};
const tables = () => query("SELECT name FROM sqlite_schema WHERE name = 'passwordResets'");
const isImport = /\/import /;

test("all are applied once, each with its row, and again there is nothing to do", async () => {
  expect(await migrate()).toBe(names.length);
  expect(query("SELECT id, name FROM migrations_home").map(({ name }) => `home/${name}`)).toEqual(
    names,
  );
  expect(lines.at(-1)).toBe(`  HOME: ${names.at(-1)?.slice(5)} is applied.`);
  const count = cloudflare.calls.length;
  expect(await migrate()).toBe(0);
  expect(cloudflare.calls.slice(count).filter((call) => isImport.test(call))).toEqual([]);
});

test("one that fails leaves nothing, later ones are not tried, and the next run goes on", async () => {
  // A table in the way, which someone has made by hand.
  query("CREATE TABLE publicChats (x TEXT)");
  await expect(migrate()).rejects.toThrow(
    /0003_public_chats\.sql of HOME was not applied, and nothing of it remains: .*already exists/s,
  );
  expect(query("SELECT name FROM migrations_home")).toHaveLength(2);
  query("DROP TABLE publicChats");
  expect(await migrate()).toBe(names.length - 2);
});

const timeOut = { status: 504, code: 7009, message: "Upstream service unavailable" };

test("a gateway’s time-out before the import ran stops the run, and the next goes on", async () => {
  cloudflare.failOnce({ call: /\/import ingest$/, ...timeOut });
  await expect(migrate()).rejects.toThrow("[code: 7009]");
  expect(query("SELECT name FROM sqlite_schema WHERE name = 'users'")).toEqual([]);
  expect(await migrate()).toBe(names.length);
});

test("when only the answer was lost, the ledger says that it ran, and the run goes on", async () => {
  cloudflare.failOnce({ call: /\/import ingest$/, ...timeOut, isAfterwards: true });
  cloudflare.failOnce({ call: /\/import init$/, ...timeOut });
  cloudflare.failOnce({ call: /\/import poll$/, ...timeOut });
  expect(await migrate()).toBe(names.length);
  expect(tables()).toHaveLength(1);
});

test("two runs at once apply each once", async () => {
  await Promise.allSettled([migrate(), migrate(), migrate()]);
  await migrate();
  expect(query("SELECT name FROM migrations_home")).toHaveLength(names.length);
});

test("a database of a newer version is not touched", async () => {
  await migrate();
  query("INSERT INTO migrations_home (name) VALUES ('9999_later.sql')");
  await expect(findPending(api, home)).rejects.toThrow("has applied 9999_later.sql");
  await expect(migrate()).rejects.toThrow("Deploy the version that has it");
});
