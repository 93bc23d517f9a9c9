import { pathToFileURL } from "node:url";
import { openLocalBindings } from "./local-bindings.ts";
import { fromRoot } from "./paths.ts";

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
  type Bindings = { readonly HOME: unknown; readonly CONTENT_0: unknown };
  const { env, close } = await openLocalBindings<Bindings>(stateDir);
  try {
    const module: SeedModule = await import(pathToFileURL(fromRoot("db/seed.ts")).href);
    const { HOME: home, CONTENT_0: content } = env;
    const result = await module.seed({ home, content }, Date.now());
    for (const count of longChats) await module.seedLongChat({ home, content }, count, Date.now());
    return { ...result, chatCount: result.chatCount + longChats.length };
  } finally {
    await close();
  }
}
