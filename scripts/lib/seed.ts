import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { getPlatformProxy, unstable_readConfig } from "wrangler";
import { fromRoot } from "./paths.ts";
import { localWranglerEnv, storageDir } from "./wrangler.ts";

/**
 * The exports of db/seed.ts that are used here. Its own types need those of the worker's runtime.
 */
interface SeedModule {
  seed(bindings: { home: unknown; content: unknown }, now: number): Promise<SeedResult>;
  seedLongChat(
    bindings: { home: unknown; content: unknown },
    count: number,
    now: number,
  ): Promise<string>;
}

export interface SeedResult {
  readonly users: readonly { readonly email: string; readonly password: string }[];
  readonly chatCount: number;
}

/**
 * Adds the demo users and chats to local storage. Can be run again.
 *
 * @param stateDir absolute path of the local storage, with its migrations applied
 * @param longChats adds a chat with each of these numbers of messages
 */
export async function seedLocally(
  stateDir: string,
  longChats: readonly number[] = [],
): Promise<SeedResult> {
  Object.assign(process.env, localWranglerEnv(stateDir));
  const platform = await getPlatformProxy<{ HOME: unknown; CONTENT_0: unknown }>({
    configPath: writeDatabaseConfig(join(stateDir, "seed")),
    persist: { path: storageDir(stateDir) },
  });
  try {
    const module: SeedModule = await import(pathToFileURL(fromRoot("db/seed.ts")).href);
    const { HOME: home, CONTENT_0: content } = platform.env;
    const result = await module.seed({ home, content }, Date.now());
    for (const count of longChats) await module.seedLongChat({ home, content }, count, Date.now());
    return { ...result, chatCount: result.chatCount + longChats.length };
  } finally {
    await platform.dispose();
  }
}

/**
 * Writes a configuration with the databases alone: the objects of the whole one need the worker to
 * be running.
 *
 * @param directory absolute path of the folder for it, which is made if need be
 * @returns the path of the file
 */
export function writeDatabaseConfig(directory: string): string {
  const { name, compatibility_date, d1_databases } = unstable_readConfig({
    config: fromRoot("wrangler.toml"),
  });
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "wrangler.json");
  writeFileSync(file, JSON.stringify({ name, compatibility_date, d1_databases }));
  return file;
}
