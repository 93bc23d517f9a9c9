import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createClient } from "redis";
import { ScriptError } from "../../scripts/lib/failure.ts";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { endChild, keep, untilListening } from "./children.ts";
import type { Contender } from "./contender.ts";
import { sumUsage } from "./proc.ts";

export interface LibraryContender extends Contender {
  /** Kills the process that runs generations, in the middle of its work. */
  killProducer(): Promise<void>;
  /** The same, with readers that reach the process that runs the generations. */
  readonly inOneProcess: Contender;
}

/**
 * Theirs: the library on a Redis server that the bench starts, without persistence, with one
 * process for generations and one for readers.
 *
 * @throws {ScriptError} when this machine has no Redis
 */
export async function startLibrary(): Promise<LibraryContender> {
  if (spawnSync("redis-server", ["--version"]).status !== 0) {
    throw new ScriptError("There is no redis-server here: apt-get install -y redis-server");
  }
  const redisPort = await findFreePort();
  const redis = keep(
    spawn(
      "redis-server",
      ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      { stdio: "ignore" },
    ),
  );
  await untilListening(redisPort, redis);
  const redisUrl = `redis://127.0.0.1:${redisPort}`;
  const producer = await startServer(redisUrl);
  const readers = await startServer(redisUrl);
  const statistics = createClient({ url: redisUrl });
  await statistics.connect();
  const children = [producer.child, readers.child, redis];
  const library: Contender = {
    name: "resumable-stream",
    producerOrigin: producer.origin,
    readerOrigin: readers.origin,
    async writes() {
      const stats = await statistics.info("commandstats");
      return Array.from(stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm))
        .filter(([, name]) => name !== "info")
        .reduce((sum, [, , calls]) => sum + Number(calls), 0);
    },
    usage: () => sumUsage(children.flatMap(({ pid, exitCode }) => (exitCode ? [] : (pid ?? [])))),
    async stop() {
      await statistics.quit();
      for (const child of children) await endChild(child);
    },
  };
  return {
    ...library,
    killProducer: () => endChild(producer.child),
    inOneProcess: { ...library, readerOrigin: producer.origin },
  };
}

async function startServer(redisUrl: string): Promise<{ origin: string; child: ChildProcess }> {
  const port = await findFreePort();
  const file = join(import.meta.dirname, "library-server.ts");
  const child = keep(fork(file, [String(port), redisUrl]));
  await new Promise((resolve) => child.once("message", resolve));
  return { origin: `http://127.0.0.1:${port}`, child };
}
