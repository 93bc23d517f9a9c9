import { setTimeout as sleep } from "node:timers/promises";
import { openSession } from "./cloudflare/login.ts";
import type { EnvironmentName } from "./cloudflare/target.ts";
import { type Databases, openCloudDatabases, openLocalDatabases } from "./d1.ts";
import { ScriptError } from "./failure.ts";
import { findFreePort } from "./ports.ts";
import { countWaiting, type Requests, requestRebuild } from "./rebuild-requests.ts";
import { findWorker } from "./running-worker.ts";
import { cronPath } from "./runtime.ts";
import type { Settings } from "./settings.ts";
import { serveWorker } from "./worker.ts";
import { migrateLocally } from "./wrangler.ts";

export interface RebuildOptions {
  /** The address of the account whose index is built anew; without it all are. */
  readonly email?: string | undefined;
  /** Ends the display of progress. The requests stay. */
  readonly ending: AbortSignal;
  /** Gets each line for the terminal. */
  readonly print: (line: string) => void;
}

/**
 * Asks for search indexes of an environment's databases, and shows how the platform builds them.
 *
 * @throws {ScriptError} when the operator is not logged in, there is no such account, or D1 fails
 */
export async function rebuildInCloud(
  environment: EnvironmentName,
  { email, ending, print }: RebuildOptions,
): Promise<void> {
  const databases = openCloudDatabases(await openSession(environment));
  const requests = await requestRebuild(databases, email);
  print(
    "The worker on Cloudflare builds them: it begins within five minutes, with 200 people at a time. Ctrl-C ends this display, not the work.",
  );
  const afterwards = "The work goes on; the same command shows it again.";
  await watch(databases, requests, { ending, print, afterwards, pauseMs: 5_000 });
}

/**
 * Builds search indexes of local storage: by the worker of `dev` if it runs, or else by a worker
 * that is started for it.
 *
 * @param bundle absolute path of the worker's bundle, which saves making one
 * @throws {ScriptError} when there is no such account, `preview` runs, or the worker fails
 */
export async function rebuildLocally(
  settings: Settings,
  { email, ending, print }: RebuildOptions,
  bundle?: string,
): Promise<void> {
  const { stateDir } = settings;
  const running = await findWorker(settings);
  if (running === undefined) await migrateLocally(stateDir);
  const databases = await openLocalDatabases(stateDir);
  try {
    await rebuildIn(databases, running, settings, { email, ending, print }, bundle);
  } finally {
    await databases.close();
  }
}

/** @param running the address of a worker that runs already */
async function rebuildIn(
  databases: Databases,
  running: string | undefined,
  { stateDir }: Settings,
  { email, ending, print }: RebuildOptions,
  bundle: string | undefined,
): Promise<void> {
  const requests = await requestRebuild(databases, email);
  if (requests.total === 0) return print("There are no chats to be found.");

  const watchWorker = (url: string) => {
    const wake = () => runCron(url);
    const afterwards = "The other indexes are still to be built; the same command continues.";
    return watch(databases, requests, { ending, print, afterwards, pauseMs: 500, wake });
  };
  if (running !== undefined) return await watchWorker(running);
  print("Starting the API worker …");
  const port = await findFreePort();
  const worker = await serveWorker({ port, stateDir, withCronTrigger: true }, bundle);
  try {
    await watchWorker(worker.url);
  } finally {
    await worker.stop();
  }
}

interface Watching extends Pick<RebuildOptions, "ending" | "print"> {
  readonly pauseMs: number;
  /** What is printed when the display ends early. */
  readonly afterwards: string;
  /** Makes the objects go on that build the indexes. */
  readonly wake?: () => Promise<void>;
}

/** Prints the progress until all indexes are built, or the script is asked to end. */
async function watch(
  databases: Databases,
  requests: Requests,
  { ending, print, afterwards, pauseMs, wake }: Watching,
): Promise<void> {
  const { total } = requests;
  let printed = -1;
  while (!ending.aborted) {
    const waiting = await countWaiting(databases, requests);
    // More may have been asked for meanwhile.
    const built = Math.max(0, total - waiting);
    if (built !== printed) print(`${built} of ${total} search indexes are built.`);
    printed = built;
    if (waiting === 0) return;
    await wake?.();
    await sleep(pauseMs, undefined, { signal: ending }).catch(() => {});
  }
  print(afterwards);
}

/** As in wrangler.toml. */
const searchCron = "*/5 * * * *";

/** @throws {ScriptError} when the worker cannot be reached, or its cron fails */
async function runCron(workerUrl: string): Promise<void> {
  const url = `${workerUrl}${cronPath}?${new URLSearchParams({ cron: searchCron })}`;
  const response = await fetch(url).catch(() => undefined);
  const outcome = await response?.text();
  if (response?.ok) return;
  throw new ScriptError(`The API worker's cron failed: ${outcome ?? "the worker has ended"}.`);
}
