import { runWrangler } from "../cloud.ts";
import { withRestorable } from "../restore.ts";
import { findToken } from "./login.ts";
import { type EnvironmentName, readTarget, wranglerOn } from "./target.ts";

/**
 * Fills the database of an environment, which must be empty, from an export.
 *
 * @param file path of the export
 * @throws {ScriptError} when it cannot be read, or D1 refuses it: wrangler has printed the reason, and
 *   the database is as before
 */
export async function restoreInCloud(environment: EnvironmentName, file: string): Promise<void> {
  await findToken();
  const { options, env } = wranglerOn(readTarget(environment));
  await withRestorable(file, (path) =>
    runWrangler(["d1", "execute", "HOME", "--remote", ...options, "--yes", "--file", path], env),
  );
}
