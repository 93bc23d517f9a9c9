import { join, resolve } from "node:path";

/** The top folder of the checkout. */
export const rootDir = resolve(import.meta.dirname, "../..");

/** An absolute path from parts relative to the top folder. */
export function fromRoot(...parts: string[]): string {
  return join(rootDir, ...parts);
}

/** The Node that runs this script: version 24 from node_modules, whatever the machine has. */
export const nodePath = process.execPath;

/**
 * The entry files of installed commands. Commands run as `node <file>` and not through
 * node_modules/.bin, whose shell scripts would put a process between us and the one we have to
 * stop.
 */
export const commandFiles = {
  biome: fromRoot("node_modules/@biomejs/biome/bin/biome"),
  localRuntime: fromRoot("scripts/lib/local-runtime.ts"),
  reactRouter: fromRoot("web/node_modules/@react-router/dev/bin.js"),
  tsc: fromRoot("node_modules/typescript-native/bin/tsc"),
  vitest: fromRoot("node_modules/vitest/vitest.mjs"),
  wrangler: fromRoot("node_modules/wrangler/bin/wrangler.js"),
} as const;

export type CommandName = keyof typeof commandFiles;
