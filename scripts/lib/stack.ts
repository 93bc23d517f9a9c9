import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ScriptError } from "./failure.ts";
import { isFromApi, isPage, waitForAnswer } from "./http.ts";
import { fromRoot, rootDir } from "./paths.ts";
import { runCommand, type Service, startService } from "./processes.ts";
import type { WorkerVars } from "./settings.ts";
import { localWranglerEnv, migrateLocally, writeEnvFile } from "./wrangler.ts";

/**
 * The production build under the local runtime: the worker and the Pages project in one wrangler,
 * joined by the same service binding as on the platform.
 */

export interface StackOptions {
  readonly webPort: number;
  /** Absolute path of the local storage. */
  readonly stateDir: string;
  /**
   * Absolute path of a local storage whose database is up to date, and which nobody uses: a copy of it is
   * the storage then. Without it the database of `stateDir` is brought up to date, which takes longer.
   */
  readonly copyOf?: string;
  /** What {@link bundleWorker} returned, for stacks that share it. Without it the worker is bundled first. */
  readonly workerBundle?: string;
  /** Settings of the worker that differ from wrangler.toml. */
  readonly vars?: WorkerVars;
  /** Whether the secrets in .dev.vars are taken too. Tests say no, so that no key is ever used. */
  readonly withLocalSecrets?: boolean;
  /** Lifts the rate limits: tests sign up more people in a minute than any address should. */
  readonly withoutRateLimits?: boolean;
  readonly onLine?: (line: string) => void;
}

export interface Stack {
  /** The web app's address, without a slash at the end. */
  readonly url: string;
  /** Settles when the stack has ended without having been asked to. */
  readonly lost: Promise<void>;
  /** Ends it, and settles when no process is left. */
  stop(): Promise<void>;
  /** Kills the runtime and all with it in the midst of its work, as a loss of power would. */
  crash(): Promise<void>;
  /** Starts again on the same storage and address, after {@link Stack.crash}. */
  restart(): Promise<void>;
  lastLines(): string;
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
 * Bundles the API worker as a deployment does. Left to itself, every stack would do that at each
 * start, and look at each source file for changes over and over from then on.
 *
 * @param directory absolute path of a folder for this alone
 * @returns the absolute path of the bundle
 * @throws {ScriptError} with the output, when it fails
 */
export async function bundleWorker(directory: string): Promise<string> {
  // Nothing else may be beside the bundle: the stacks look there for changes.
  const outDir = join(directory, "out");
  const { code, output } = await runCommand(
    "wrangler",
    ["deploy", "--dry-run", "--outdir", outDir],
    {
      cwd: rootDir,
      env: localWranglerEnv(directory),
    },
  );
  if (code !== 0) throw new ScriptError(`The API worker could not be bundled:\n${output}`);
  return join(outDir, "index.js");
}

/**
 * Starts the stack on the latest build of the web app, its database up to date.
 *
 * @throws {ScriptError} when it does not come up, with its last output
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  if (options.copyOf) cpSync(options.copyOf, options.stateDir, { recursive: true });
  else await migrateLocally(options.stateDir);
  const workerBundle =
    options.workerBundle ?? (await bundleWorker(join(options.stateDir, "worker-bundle")));
  const workerConfig = writeWorkerConfig(options, workerBundle);
  const url = `http://localhost:${options.webPort}`;
  let isEnding = false;
  let reportLoss: () => void;
  const lost = new Promise<void>((resolve) => {
    reportLoss = resolve;
  });

  const start = async (): Promise<Service> => {
    isEnding = false;
    const service = startWrangler(options, workerConfig);
    void service.ended.then(() => {
      if (!isEnding) reportLoss();
    });
    try {
      // Through the binding: the stack is ready when both halves are.
      await waitForAnswer(`http://127.0.0.1:${options.webPort}/login`, service, isPage);
      await waitForAnswer(`http://127.0.0.1:${options.webPort}/trpc/auth.me`, service, isFromApi);
    } catch (error) {
      isEnding = true;
      await service.stop();
      throw error;
    }
    return service;
  };

  let service = await start();
  return {
    url,
    lost,
    stop: () => {
      isEnding = true;
      return service.stop();
    },
    crash: async () => {
      isEnding = true;
      service.kill("SIGKILL");
      await service.stop();
    },
    restart: async () => {
      service = await start();
    },
    lastLines: () => service.lastLines(),
  };
}

function startWrangler(options: StackOptions, workerConfig: string): Service {
  return startService({
    name: "The production stack",
    command: "wrangler",
    args: [
      // Pages wants its own file first, and in the folder where it runs.
      ...["pages", "dev", "-c", "wrangler.toml", "-c", workerConfig],
      ...["--ip", "127.0.0.1", "--port", String(options.webPort), "--inspector-port", "0"],
      ...["--persist-to", options.stateDir, "--show-interactive-dev-session=false"],
    ],
    cwd: fromRoot("web"),
    env: localWranglerEnv(options.stateDir),
    ...(options.onLine && { onLine: options.onLine }),
  });
}

/**
 * Writes the worker's configuration beside this stack's storage, with this stack's settings in the
 * `.dev.vars` that wrangler reads next to it: `wrangler pages dev` hands options to the Pages
 * project only.
 *
 * @returns the path of the configuration
 */
function writeWorkerConfig(
  { stateDir, vars = {}, withLocalSecrets = false, withoutRateLimits = false }: StackOptions,
  workerBundle: string,
): string {
  const directory = join(stateDir, "worker");
  mkdirSync(directory, { recursive: true });
  const original = readFileSync(fromRoot("wrangler.toml"), "utf8");
  const main = /^main = "([^"]+)"$/m;
  if (!main.test(original)) throw new Error('wrangler.toml has no line of the form: main = "…"');
  const config = join(directory, "wrangler.toml");
  let text = original.replace(main, `main = ${JSON.stringify(workerBundle)}\nno_bundle = true`);
  if (withoutRateLimits) text = text.replace(/^(simple = \{ limit =) \d+/gm, "$1 1000000");
  writeFileSync(config, text);

  const secrets = join(directory, ".dev.vars");
  const local = fromRoot(".dev.vars");
  const given = writeEnvFile(directory, "given.env", vars);
  rmSync(secrets, { force: true });
  if (withLocalSecrets && existsSync(local)) {
    // The later line wins.
    writeFileSync(secrets, `${readFileSync(local, "utf8")}\n${readFileSync(given, "utf8")}`, {
      mode: 0o600,
    });
  } else {
    copyFileSync(given, secrets);
  }
  return config;
}
