import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, inject } from "vitest";
import { findFreePort } from "../../../scripts/lib/ports.ts";
import type { WorkerVars } from "../../../scripts/lib/settings.ts";
import { type Stack, type StackOptions, startStack } from "../../../scripts/lib/stack.ts";

/**
 * Starts a stack for the tests of one file, with an empty storage, and stops it after them.
 *
 * @param name part of the name of the storage's temporary folder
 * @param vars returns the worker's settings; called when the stack starts
 * @param fill adds to the storage before it is served; gets its absolute path
 * @param more options of the stack
 * @returns a function that returns the stack, for use in tests
 */
export function ownStack(
  name: string,
  vars: () => WorkerVars,
  fill?: (stateDir: string) => Promise<void>,
  more: Partial<StackOptions> = {},
): () => Stack {
  const directory = mkdtempSync(join(tmpdir(), `e2e-${name}-`));
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({
      port: await findFreePort(),
      stateDir: directory,
      copyOf: inject("emptyStorage"),
      fill,
      build: inject("build"),
      vars: vars(),
      withoutRateLimits: true,
      ...more,
    });
  });

  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  return () => stack;
}
