import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Build, buildAll } from "./build.ts";
import { isFromApi, isPage, waitForAnswer } from "./http.ts";
import type { Service } from "./processes.ts";
import { type RuntimeSettings, startRuntime } from "./runtime.ts";
import { migrateLocally } from "./wrangler.ts";

/**
 * The production build under the local runtime: the worker and the Pages project in one process,
 * joined by the same service binding as on the platform.
 */

export interface StackOptions extends RuntimeSettings {
  /**
   * Absolute path of a local storage that is migrated and not in use. The stack works on a copy of
   * it. Without it, `stateDir` is migrated, which takes longer.
   */
  readonly copyOf?: string;
  /** Adds to the storage before it is served. */
  readonly fill?: ((stateDir: string) => Promise<void>) | undefined;
  /** A build to share between stacks. Without it the product is built first. */
  readonly build?: Build;
}

export interface Stack {
  /** The web app's address, without a slash at the end. */
  readonly url: string;
  /** Settles when the stack has ended without being asked to. */
  readonly lost: Promise<void>;
  /** Ends the stack, and settles when no process is left. */
  stop(): Promise<void>;
  /** Kills the runtime in the middle of its work, as a power failure would. */
  crash(): Promise<void>;
  /**
   * Starts again on the same storage and address, after {@link Stack.crash}.
   *
   * @param build another one than before, as after a deployment
   */
  restart(build?: Build): Promise<void>;
  lastLines(): string;
}

/**
 * Starts the production build, with its database migrated.
 *
 * @throws {ScriptError} with the last output, when it cannot be built or does not start
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  if (options.copyOf) cpSync(options.copyOf, options.stateDir, { recursive: true });
  else await migrateLocally(options.stateDir);
  await options.fill?.(options.stateDir);
  let build = options.build ?? (await buildAll(join(options.stateDir, "build")));
  const url = `http://localhost:${options.port}`;
  let isEnding = false;
  let reportLoss: () => void;
  const lost = new Promise<void>((resolve) => {
    reportLoss = resolve;
  });

  const start = async (): Promise<Service> => {
    isEnding = false;
    const service = startRuntime("The production stack", build, options);
    void service.ended.then(() => {
      if (!isEnding) reportLoss();
    });
    try {
      // The login page uses the binding, so it works only when both halves are ready.
      await waitForAnswer(`http://127.0.0.1:${options.port}/login`, service, isPage);
      await waitForAnswer(`http://127.0.0.1:${options.port}/trpc/auth.me`, service, isFromApi);
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
    restart: async (next = build) => {
      build = next;
      service = await start();
    },
    lastLines: () => service.lastLines(),
  };
}
