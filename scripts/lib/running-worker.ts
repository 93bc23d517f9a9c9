import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ScriptError } from "./failure.ts";
import { answers, isFromApi } from "./http.ts";
import { isPortTaken } from "./ports.ts";
import { readLastPort } from "./runtime.ts";
import type { Settings } from "./settings.ts";
import { registryDir } from "./wrangler.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

/**
 * Finds the API worker that runs on a local storage and whose cron can be run.
 *
 * @returns its address, without a slash at the end; undefined when no worker uses the storage
 * @throws {ScriptError} when a worker uses the storage and its cron cannot be run
 */
export async function findWorker({ apiPort, stateDir }: Settings): Promise<string | undefined> {
  if (await isDevRunning(stateDir)) {
    const url = `http://127.0.0.1:${apiPort}`;
    if (await answers(`${url}/`, isFromApi)) return url;
    throw new ScriptError(
      `\`dev\` runs on ${stateDir}, but its API worker is not on port ${apiPort}: set API_PORT as for \`dev\`.`,
    );
  }
  const port = readLastPort(stateDir);
  if (port !== undefined && (await answers(`http://127.0.0.1:${port}/trpc/auth.me`, isFromApi))) {
    throw new ScriptError(
      `\`preview\` runs on ${stateDir} (port ${port}), and its worker can be reached by the web app alone: stop \`preview\`, and run this again.`,
    );
  }
  return undefined;
}

/** Whether `wrangler dev` runs on a storage: it keeps a file about the worker in the registry. */
async function isDevRunning(stateDir: string): Promise<boolean> {
  const { name } = readWranglerToml<{ name: string }>();
  const file = join(registryDir(stateDir), name);
  if (!existsSync(file)) return false;
  const { debugPortAddress }: { debugPortAddress: string } = JSON.parse(readFileSync(file, "utf8"));
  // After a crash the file stays.
  const { hostname, port } = new URL(`http://${debugPortAddress}`);
  return isPortTaken(Number(port), hostname);
}
