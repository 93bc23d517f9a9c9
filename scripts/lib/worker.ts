import { cpSync } from "node:fs";
import { join } from "node:path";
import { bundleWorker } from "./build.ts";
import { isFromApi, waitForAnswer } from "./http.ts";
import type { Preparation } from "./prepare.ts";
import { type RuntimeSettings, startRuntime } from "./runtime.ts";
import { migrateLocally } from "./wrangler.ts";

/** The API worker alone, under the local runtime. */
export interface LocalWorker {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends the worker, and settles when no process is left. */
  stop(): Promise<void>;
}

/**
 * Starts the worker with its database migrated, and with no secrets but the given ones.
 *
 * @param preparation saves bundling and migrating
 * @throws {ScriptError} with the last output, when the worker does not start
 */
export async function startWorker(
  settings: RuntimeSettings,
  preparation?: Preparation,
): Promise<LocalWorker> {
  const { stateDir } = settings;
  if (preparation) cpSync(preparation.emptyStorage, stateDir, { recursive: true });
  else await migrateLocally(stateDir);
  return await serveWorker(settings, preparation?.build.worker);
}

/**
 * Starts the worker on a storage that is migrated.
 *
 * @param bundle absolute path of the worker's bundle; without it the worker is bundled first
 * @throws {ScriptError} with the last output, when the worker does not start
 */
export async function serveWorker(
  settings: RuntimeSettings,
  bundle?: string,
): Promise<LocalWorker> {
  const { port, stateDir } = settings;
  const worker = bundle ?? (await bundleWorker(join(stateDir, "build")));
  const service = startRuntime("The API worker", { worker }, settings);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitForAnswer(`${url}/`, service, isFromApi);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { url, stop: () => service.stop() };
}
