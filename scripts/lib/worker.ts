import { isFromApi, waitForAnswer } from "./http.ts";
import { rootDir } from "./paths.ts";
import { startService } from "./processes.ts";
import type { WorkerVars } from "./settings.ts";
import { localWranglerEnv, migrateLocally, writeEnvFile } from "./wrangler.ts";

/** The API worker alone, under the local runtime. */
export interface LocalWorker {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends it, and settles when no process is left. */
  stop(): Promise<void>;
}

/**
 * Starts the worker, its database up to date, with no secrets but those given.
 *
 * @throws {ScriptError} when it does not come up, with its last output
 */
export async function startWorker(options: {
  readonly port: number;
  /** Absolute path of the local storage. */
  readonly stateDir: string;
  readonly vars: WorkerVars;
  /** Where a debugger finds it; nowhere that is known when left out. */
  readonly inspectorPort?: number;
}): Promise<LocalWorker> {
  const { port, stateDir, vars, inspectorPort = 0 } = options;
  await migrateLocally(stateDir);
  const service = startService({
    name: "The API worker",
    command: "wrangler",
    args: [
      ...["dev", "--ip", "127.0.0.1", "--port", String(port)],
      ...["--inspector-port", String(inspectorPort)],
      ...["--persist-to", stateDir, "--show-interactive-dev-session=false"],
      // A line for every request would be most of what it does.
      ...["--log-level", "warn"],
      ...["--env-file", writeEnvFile(stateDir, "given.env", vars)],
    ],
    cwd: rootDir,
    env: localWranglerEnv(stateDir),
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitForAnswer(`${url}/`, service, isFromApi);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { url, stop: () => service.stop() };
}
