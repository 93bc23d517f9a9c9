import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findUnknownMigrations, hasPendingMigrations } from "./applied-migrations.ts";
import { ScriptError } from "./failure.ts";
import { rootDir } from "./paths.ts";
import { runCommand } from "./processes.ts";
import { withRestorable } from "./restore.ts";
import type { WorkerVars } from "./settings.ts";

/**
 * The environment for running wrangler locally: no questions, no telemetry, and only workers of the
 * same STATE_DIR are visible, so that stacks side by side never mix.
 *
 * @param stateDir absolute path of the local storage
 */
export function localWranglerEnv(stateDir: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_REGISTRY_PATH: registryDir(stateDir),
    WRANGLER_LOG_PATH: join(stateDir, "logs"),
  };
}

/** The folder below STATE_DIR in which `wrangler dev` keeps a file about each running worker. */
export function registryDir(stateDir: string): string {
  return join(stateDir, "registry");
}

/** The folder below STATE_DIR in which wrangler's commands keep databases, files and objects. */
export function storageDir(stateDir: string): string {
  return join(stateDir, "v3");
}

/** The D1 bindings in wrangler.toml whose migrations a stack needs. */
export const databaseBindings = ["HOME", "CONTENT_0"] as const;

/**
 * Applies pending migrations to the local databases.
 *
 * @param stateDir absolute path of the local storage
 * @throws {ScriptError} when the storage has applied a migration that has no file, or a migration
 *   fails, with wrangler's words
 */
export async function migrateLocally(stateDir: string): Promise<void> {
  const [unknown] = findUnknownMigrations(storageDir(stateDir));
  if (unknown !== undefined) {
    throw new ScriptError(
      `The local data in ${stateDir} has applied the migration ${unknown}, which this version does not have, so it cannot be brought up to date. Delete it with \`npx -y pnpm@12.21.0 db:reset\`, or choose another folder with STATE_DIR.`,
    );
  }
  // Each start of wrangler takes seconds.
  if (!hasPendingMigrations(storageDir(stateDir))) return;
  for (const binding of databaseBindings) {
    const { code, output } = await runCommand(
      "wrangler",
      ["d1", "migrations", "apply", binding, "--local", "--persist-to", stateDir],
      // CI turns off the confirmation, which the command itself already implies.
      { cwd: rootDir, env: { ...localWranglerEnv(stateDir), CI: "true" } },
    );
    if (code !== 0) {
      throw new ScriptError(`The migrations of ${binding} could not be applied:\n${output}`);
    }
  }
}

/**
 * Fills a local database, which must not exist yet, from an export.
 *
 * @param stateDir absolute path of the local storage
 * @param file path of the export
 * @throws {ScriptError} when there is a database, the export cannot be read, or it does not fit D1
 */
export async function restoreLocally(stateDir: string, file: string): Promise<void> {
  if (existsSync(join(storageDir(stateDir), "d1"))) {
    throw new ScriptError(
      `There is a database in ${stateDir} already: choose another folder with STATE_DIR.`,
    );
  }
  await withRestorable(file, async (path) => {
    const { code, output } = await runCommand(
      "wrangler",
      [
        ...["d1", "execute", databaseBindings[0], "--local", "--persist-to", stateDir],
        ...["--yes", "--file", path],
      ],
      { cwd: rootDir, env: { ...localWranglerEnv(stateDir), CI: "true" } },
    );
    if (code !== 0) throw new ScriptError(`${file} could not be restored:\n${output}`);
  });
}

/**
 * Writes settings as an env file for wrangler. Arguments would be visible to every user of the
 * machine, and a setting may be a provider's key.
 *
 * @returns the file's path, in `directory`
 */
export function writeEnvFile(directory: string, name: string, vars: WorkerVars): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, name);
  const lines = Object.entries(vars).map(([key, value]) => `${key}=${quote(key, value)}`);
  // Removed first, because the mode applies only to a new file.
  rmSync(file, { force: true });
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  return file;
}

function quote(key: string, value: string): string {
  // dotenv has no escapes, but three kinds of quotation marks.
  const mark = ["'", '"', "`"].find((candidate) => !value.includes(candidate));
  if (!mark)
    throw new ScriptError(
      `${key} contains every kind of quotation mark, so it can’t be passed to wrangler.`,
    );
  return `${mark}${value}${mark}`;
}
