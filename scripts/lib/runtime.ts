import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Build } from "./build.ts";
import type { RuntimeOptions } from "./local-runtime.ts";
import { fromRoot, rootDir } from "./paths.ts";
import { type Service, startService } from "./processes.ts";
import type { WorkerVars } from "./settings.ts";
import { localWranglerEnv, writeEnvFile } from "./wrangler.ts";

/** What runs under the local runtime, and with which settings. */
export interface RuntimeSettings {
  readonly port: number;
  /** Absolute path of the local storage. */
  readonly stateDir: string;
  /** Settings of the worker that differ from wrangler.toml. */
  readonly vars?: WorkerVars;
  /** Whether the secrets in .dev.vars are taken too. Tests say no, so that no key is ever used. */
  readonly withLocalSecrets?: boolean;
  /** Lifts the rate limits: tests sign up more people in a minute than any address should. */
  readonly withoutRateLimits?: boolean;
  /** Where a debugger finds it; without it there is none. */
  readonly inspectorPort?: number;
  /** Called with every line of output. A line for each request is among them. */
  readonly onLine?: (line: string) => void;
}

/**
 * Starts the local runtime in a process group of its own. It watches no files.
 *
 * @param build without `pages`, the worker itself is what listens
 */
export function startRuntime(
  name: string,
  { worker, pages }: Omit<Build, "pages"> & Partial<Build>,
  settings: RuntimeSettings,
): Service {
  const { port, stateDir, inspectorPort, onLine } = settings;
  const options: RuntimeOptions = {
    port,
    stateDir,
    workerConfig: writeWorkerConfig(settings),
    workerBundle: worker,
    ...(pages && { pagesBundle: pages }),
    ...(inspectorPort !== undefined && { inspectorPort }),
    logRequests: onLine !== undefined,
  };
  const file = join(stateDir, "runtime.json");
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
    // The later line wins.
    writeFileSync(secrets, `${readFileSync(local, "utf8")}\n${readFileSync(given, "utf8")}`, {
      mode: 0o600,
    });
  } else {
    copyFileSync(given, secrets);
  }
  return config;
}
