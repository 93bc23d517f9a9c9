import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Build } from "./build.ts";
import type { RuntimeOptions } from "./local-runtime.ts";
import { fromRoot, rootDir } from "./paths.ts";
import { type Service, startService } from "./processes.ts";
import type { WorkerVars } from "./settings.ts";
import { localWranglerEnv, writeEnvFile } from "./wrangler.ts";

/**
 * Under the local runtime, a request to this path runs the cron that its query names. `wrangler dev`
 * has it too.
 */
export const cronPath = "/cdn-cgi/local/scheduled";

/** The settings of a local runtime. */
export interface RuntimeSettings {
  readonly port: number;
  /** Absolute path of the local storage. */
  readonly stateDir: string;
  /** Settings of the worker that override wrangler.toml. */
  readonly vars?: WorkerVars;
  /** Whether to use the secrets in .dev.vars. Tests do not, so that they never use a key. */
  readonly withLocalSecrets?: boolean;
  /** Lifts the rate limits: tests sign up more users in a minute than an address may. */
  readonly withoutRateLimits?: boolean;
  /** Whether a request to {@link cronPath} runs the worker's cron. Not for what others can reach. */
  readonly withCronTrigger?: boolean;
  /** How far the worker is from its databases, in milliseconds there and back; see far-database.ts. */
  readonly databaseTripMs?: number;
  /** The port of a second worker on the same storage; without it there is one worker. */
  readonly secondWorkerPort?: number;
  /** The port for a debugger; without it there is none. */
  readonly inspectorPort?: number;
  /** Called with every line of output, including one for each request. */
  readonly onLine?: (line: string) => void;
}

/**
 * Starts the local runtime in a process group of its own. It watches no files.
 *
 * @param build without `pages`, the worker itself listens
 */
export function startRuntime(
  name: string,
  { worker, pages, webWorker, web }: Omit<Build, "pages"> & Partial<Build>,
  settings: RuntimeSettings,
): Service {
  const {
    port,
    stateDir,
    withCronTrigger = false,
    inspectorPort,
    databaseTripMs,
    secondWorkerPort,
    onLine,
  } = settings;
  const options: RuntimeOptions = {
    port,
    stateDir,
    workerConfig: writeWorkerConfig(settings),
    workerBundle: worker,
    ...(pages && { pagesBundle: pages }),
    ...(web && { webDirectory: web }),
    ...(webWorker && { webWorkerBundle: webWorker }),
    ...(inspectorPort !== undefined && { inspectorPort }),
    ...(databaseTripMs !== undefined && { databaseTripMs }),
    ...(secondWorkerPort !== undefined && { secondWorkerPort }),
    withCronTrigger,
    logRequests: onLine !== undefined,
  };
  const file = optionsFile(stateDir);
  writeFileSync(file, JSON.stringify(options));
  return startService({
    name,
    command: "localRuntime",
    args: [file],
    cwd: rootDir,
    env: localWranglerEnv(stateDir),
    ...(onLine && { onLine }),
  });
}

function optionsFile(stateDir: string): string {
  return join(stateDir, "runtime.json");
}

/**
 * @param stateDir absolute path of a local storage
 * @returns the port of the last runtime that was started on it, whether it runs or not
 */
export function readLastPort(stateDir: string): number | undefined {
  const file = optionsFile(stateDir);
  if (!existsSync(file)) return undefined;
  const { port }: RuntimeOptions = JSON.parse(readFileSync(file, "utf8"));
  return port;
}

/**
 * Writes the worker's configuration beside the storage, with these settings and secrets in the
 * `.dev.vars` that is read with it.
 *
 * @returns the path of the configuration
 */
function writeWorkerConfig({
  stateDir,
  vars = {},
  withLocalSecrets = false,
  withoutRateLimits = false,
}: RuntimeSettings): string {
  const directory = join(stateDir, "worker");
  mkdirSync(directory, { recursive: true });
  const config = join(directory, "wrangler.toml");
  let text = readFileSync(fromRoot("wrangler.toml"), "utf8");
  if (withoutRateLimits) text = text.replace(/^(simple = \{ limit =) \d+/gm, "$1 1000000");
  writeFileSync(config, text);

  const secrets = join(directory, ".dev.vars");
  const local = fromRoot(".dev.vars");
  const given = writeEnvFile(directory, "given.env", vars);
  rmSync(secrets, { force: true });
  if (withLocalSecrets && existsSync(local)) {
    // For a repeated name the later line wins.
    writeFileSync(secrets, `${readFileSync(local, "utf8")}\n${readFileSync(given, "utf8")}`, {
      mode: 0o600,
    });
  } else {
    copyFileSync(given, secrets);
  }
  return config;
}
