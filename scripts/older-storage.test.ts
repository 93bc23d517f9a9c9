import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { findUnknownMigrations } from "./lib/applied-migrations.ts";
import { readMigrations } from "./lib/migration-files.ts";
import { fromRoot, nodePath, rootDir } from "./lib/paths.ts";
import { findFreePort } from "./lib/ports.ts";
import { storageDir } from "./lib/wrangler.ts";

/** @returns the STATE_DIR of a storage that has applied migrations, by their paths */
function makeStorage(applied: Iterable<string>): string {
  const stateDir = mkdtempSync(join(tmpdir(), "older-storage-"));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const folder = join(storageDir(stateDir), "d1/miniflare-D1DatabaseObject");
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, "0a1b.sqlite"));
  database.exec("PRAGMA journal_mode = WAL");
  database.exec(
    "CREATE TABLE migrations_home (name TEXT); CREATE TABLE migrations_content (name TEXT)",
  );
  for (const path of applied) {
    const [kind, name = ""] = path.split("/");
    database.prepare(`INSERT INTO migrations_${kind} (name) VALUES (?)`).run(name);
  }
  database.close();
  return stateDir;
}

test.each(["db.ts migrate", "db.ts seed", "dev.ts"])(
  "%s says what to do about local data with a migration that has no file",
  async (command) => {
    const stateDir = makeStorage([...readMigrations().keys(), "content/0004_search.sql"]);
    const ports = {
      WEB_PORT: String(await findFreePort()),
      API_PORT: String(await findFreePort()),
    };
    const [script = "", ...args] = command.split(" ");
    const { status, stderr } = spawnSync(nodePath, [fromRoot("scripts", script), ...args], {
      cwd: rootDir,
      env: { ...process.env, ...ports, STATE_DIR: stateDir },
      encoding: "utf8",
    });
    expect(stderr).toBe(
      `The local data in ${stateDir} has applied the migration content/0004_search.sql, which this version does not have, so it cannot be brought up to date. Delete it with \`npx -y pnpm@12.21.0 db:reset\`, or choose another folder with STATE_DIR.\n`,
    );
    expect(status).toBe(1);
  },
);

test("a storage that has applied all migrations, a few or none is not older", () => {
  const all = [...readMigrations().keys()];
  for (const applied of [all, all.slice(0, 3), []]) {
    expect(findUnknownMigrations(storageDir(makeStorage(applied)))).toEqual([]);
  }
  expect(findUnknownMigrations(join(tmpdir(), "no-such-storage"))).toEqual([]);
});
