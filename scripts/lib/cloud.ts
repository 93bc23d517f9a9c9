import { ScriptError } from "./failure.ts";
import { rootDir } from "./paths.ts";
import { runCommand, runInTerminal } from "./processes.ts";
import { withRestorable } from "./restore.ts";
import { databaseBindings } from "./wrangler.ts";

/** The environment for running wrangler on the account: no telemetry. */
export const cloudEnv: NodeJS.ProcessEnv = {
  ...process.env,
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
};

/** @throws {ScriptError} when wrangler is not logged in to a Cloudflare account */
export async function requireLogin(): Promise<void> {
  const { code } = await runCommand("wrangler", ["whoami", "--json"], {
    cwd: rootDir,
    env: cloudEnv,
  });
  if (code === 0) return;
  throw new ScriptError(
    "Not logged in to Cloudflare: run `npx -y pnpm@12.21.0 exec wrangler login`, or set CLOUDFLARE_API_TOKEN.",
  );
}

/**
 * Runs a wrangler command that changes the account, with its output on the terminal.
 *
 * @throws {ScriptError} when it fails, after wrangler has printed the reason
 */
export async function runInCloud(args: readonly string[], cwd = rootDir): Promise<void> {
  const code = await runInTerminal("wrangler", args, { cwd, env: cloudEnv });
  if (code !== 0) throw new ScriptError(`\`wrangler ${args.join(" ")}\` failed.`);
}

/** Applies migrations to the databases of the account. */
export async function migrateInCloud(): Promise<void> {
  for (const binding of databaseBindings) {
    await runInCloud(["d1", "migrations", "apply", binding, "--remote"]);
  }
}

/**
 * Fills the account's database, which must be empty, from an export.
 *
 * @param file path of the export
 * @throws {ScriptError} when it cannot be read, or wrangler fails; that has said why
 */
export async function restoreInCloud(file: string): Promise<void> {
  await withRestorable(file, (path) =>
    runInCloud(["d1", "execute", databaseBindings[0], "--remote", "--file", path]),
  );
}
