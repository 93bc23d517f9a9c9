import { join } from "node:path";
import { ScriptError } from "./failure.ts";
import { fromRoot, rootDir } from "./paths.ts";
import { runCommand } from "./processes.ts";
import { localWranglerEnv } from "./wrangler.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

/**
 * The bundles of both deployables, made as for a deployment. The local runtime serves them
 * unchanged.
 */
export interface Build {
  /** Absolute path of the API worker's bundle. */
  readonly worker: string;
  /** Absolute path of the bundled functions of Pages. */
  readonly pages: string;
  /** Absolute path of the bundle of the web app's worker, which is served in place of Pages then. */
  readonly webWorker?: string;
  /** Absolute path of the folder of the web app that `pages` is from. By default it is `web`. */
  readonly web?: string;
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
 * @param web absolute path of its folder
 * @throws {ScriptError} with the output, when the build fails
 */
export async function buildWeb(web = fromRoot("web")): Promise<void> {
  const { code, output } = await runCommand("reactRouter", ["build"], {
    cwd: web,
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
  const config = fromRoot("wrangler.toml");
  return bundle({ name: "API worker", config, directory, file: "index.js" });
}

/**
 * Bundles the web app's worker with the built web app, as `deploy:web --to workers` does.
 *
 * @param directory absolute path of a folder used for nothing else
 * @returns the absolute path of the bundle, with the modules that it imports beside it
 * @throws {ScriptError} with the output, when it fails
 */
export async function bundleWebWorker(directory: string): Promise<string> {
  const config = fromRoot("web/wrangler.worker.toml");
  return bundle({ name: "web app's worker", config, directory, file: "entry.js" });
}

async function bundle(worker: {
  readonly name: string;
  readonly config: string;
  readonly directory: string;
  readonly file: string;
}): Promise<string> {
  const { name, config, directory, file } = worker;
  const outDir = join(directory, "out");
  const { code, output } = await runCommand(
    "wrangler",
    ["deploy", "--dry-run", "--config", config, "--outdir", outDir],
    { cwd: rootDir, env: localWranglerEnv(directory) },
  );
  if (code !== 0) throw new ScriptError(`The ${name} could not be bundled:\n${output}`);
  return join(outDir, file);
}

/**
 * Bundles the functions of Pages with the built web app, as `deploy:web` does.
 *
 * @param directory absolute path of a folder used for nothing else
 * @param web absolute path of the web app's folder
 * @returns the absolute path of the bundle
 * @throws {ScriptError} with the output, when it fails
 */
export async function bundlePages(directory: string, web = fromRoot("web")): Promise<string> {
  const outDir = join(directory, "out");
  // Unlike a deployment, this command does not read the compatibility settings itself.
  const { compatibility_date, compatibility_flags } = readWranglerToml<{
    readonly compatibility_date: string;
    readonly compatibility_flags: readonly string[];
  }>(join(web, "wrangler.toml"));
  const { code, output } = await runCommand(
    "wrangler",
    [
      ...["pages", "functions", "build", "--outdir", outDir],
      ...[`--compatibility-date=${compatibility_date}`],
      ...compatibility_flags.map((flag) => `--compatibility-flag=${flag}`),
    ],
    { cwd: web, env: localWranglerEnv(directory) },
  );
  if (code !== 0) throw new ScriptError(`The functions of Pages could not be bundled:\n${output}`);
  return join(outDir, "index.js");
}
