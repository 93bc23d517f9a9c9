import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { ScriptError } from "./failure.ts";
import { fromRoot, rootDir } from "./paths.ts";
import { runCommand } from "./processes.ts";
import { localWranglerEnv } from "./wrangler.ts";

/**
 * The bundles of both deployables, made as for a deployment. The local runtime serves them
 * unchanged.
 */
export interface Build {
  /** Absolute path of the API worker's bundle. */
  readonly worker: string;
  /** Absolute path of the bundled functions of Pages. */
  readonly pages: string;
}

/**
 * Builds both halves of the product.
 *
 * @param directory absolute path of a folder used only for the bundles; static files stay in
 *   web/build/client
 * @throws {ScriptError} with the output, when a part fails
 */
export async function buildAll(directory: string): Promise<Build> {
  const [worker, pages] = await Promise.all([
    bundleWorker(join(directory, "worker")),
    buildWeb().then(() => bundlePages(join(directory, "pages"))),
  ]);
  return { worker, pages };
}

/**
 * Builds the web app for production.
 *
 * @throws {ScriptError} with the output, when the build fails
 */
export async function buildWeb(): Promise<void> {
  const { code, output } = await runCommand("reactRouter", ["build"], {
    cwd: fromRoot("web"),
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (code !== 0) throw new ScriptError(`The web app could not be built:\n${output}`);
}

/**
 * Bundles the API worker as `deploy:api` does.
 *
 * @param directory absolute path of a folder used for nothing else
 * @returns the absolute path of the bundle, with the modules that it imports beside it
 * @throws {ScriptError} with the output, when it fails
 */
export async function bundleWorker(directory: string): Promise<string> {
  const outDir = join(directory, "out");
  const { code, output } = await runCommand(
    "wrangler",
    ["deploy", "--dry-run", "--outdir", outDir],
    { cwd: rootDir, env: localWranglerEnv(directory) },
  );
  if (code !== 0) throw new ScriptError(`The API worker could not be bundled:\n${output}`);
  return join(outDir, "index.js");
}

/**
 * Bundles web/functions with the built web app, as `deploy:web` does.
 *
 * @param directory absolute path of a folder used for nothing else
 * @returns the absolute path of the bundle
 * @throws {ScriptError} with the output, when it fails
 */
async function bundlePages(directory: string): Promise<string> {
  const outDir = join(directory, "out");
  // Unlike a deployment, this command does not read the compatibility settings itself.
  const { compatibility_date, compatibility_flags } = unstable_readConfig({
    config: fromRoot("web/wrangler.toml"),
  });
  const { code, output } = await runCommand(
    "wrangler",
    [
      ...["pages", "functions", "build", "--outdir", outDir],
      ...[`--compatibility-date=${compatibility_date}`],
      ...compatibility_flags.map((flag: string) => `--compatibility-flag=${flag}`),
    ],
    { cwd: fromRoot("web"), env: localWranglerEnv(directory) },
  );
  if (code !== 0) throw new ScriptError(`The functions of Pages could not be bundled:\n${output}`);
  return join(outDir, "index.js");
}
