import { unstable_readConfig } from "wrangler";
import { cloudEnv } from "./cloud.ts";
import { ScriptError } from "./failure.ts";
import { fromRoot, rootDir } from "./paths.ts";
import { runCommand } from "./processes.ts";
import { localWranglerEnv } from "./wrangler.ts";

/** Statements for the databases of wrangler.toml, run by wrangler. */

/** Where the databases are. */
export interface D1Place {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** The databases of the account. */
export const cloudDatabases: D1Place = { args: ["--remote"], env: cloudEnv };

/** @param stateDir absolute path of the local storage */
export function localDatabases(stateDir: string): D1Place {
  return { args: ["--local", "--persist-to", stateDir], env: localWranglerEnv(stateDir) };
}

/** The bindings of the databases that hold chats. */
export function contentBindings(): string[] {
  const config: { d1_databases: readonly { binding: string }[] } = unstable_readConfig({
    config: fromRoot("wrangler.toml"),
  });
  const bindings = config.d1_databases.map(({ binding }) => binding);
  return bindings.filter((binding) => /^CONTENT_\d+$/.test(binding));
}

/** What `wrangler d1 execute --json` prints. */
type Output<Row> =
  | readonly { readonly results: readonly Row[] }[]
  | { readonly error: { readonly text: string } };

/**
 * Runs statements.
 *
 * @param statements in order. Text in one goes through {@link sqlText}
 * @returns the rows of the last one
 * @throws {ScriptError} with wrangler's words, when one fails
 */
export async function queryD1<Row>(
  { args, env }: D1Place,
  binding: string,
  statements: readonly string[],
): Promise<readonly Row[]> {
  const command = ["d1", "execute", binding, ...args, "--yes", "--json"];
  const { code, output, stdout } = await runCommand(
    "wrangler",
    [...command, "--command", statements.join(";\n")],
    { cwd: rootDir, env: { ...env, CI: "true" } },
  );
  const result = parseOutput<Row>(stdout);
  if (code === 0 && result && !("error" in result)) return result.at(-1)?.results ?? [];
  const reason = result && "error" in result ? result.error.text : output;
  throw new ScriptError(`The database ${binding} refused a statement:\n${reason}`);
}

function parseOutput<Row>(stdout: string): Output<Row> | undefined {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** An SQL expression for a text, in which no character has a special meaning. */
export function sqlText(text: string): string {
  return `CAST(x'${Buffer.from(text).toString("hex")}' AS TEXT)`;
}
