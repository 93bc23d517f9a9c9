import { ScriptError } from "./failure.ts";
import { rootDir } from "./paths.ts";
import { runInTerminal } from "./processes.ts";

/** The environment for running wrangler on the account: no telemetry. */
export function cloudEnv(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
  };
}

/**
 * Runs wrangler on the account, with the terminal.
 *
 * @param env of `wranglerOn`, which names the account
 * @throws {ScriptError} when it fails, after it has printed the reason
 */
export async function runWrangler(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd = rootDir,
): Promise<void> {
  const code = await runInTerminal("wrangler", args, { cwd, env });
  if (code !== 0) throw new ScriptError(`\`wrangler ${args.slice(0, 2).join(" ")}\` failed.`);
}
