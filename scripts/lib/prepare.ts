import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Build, buildAll } from "./build.ts";
import { migrateLocally } from "./wrangler.ts";

/** What the stacks of tests start from. */
export interface Preparation {
  readonly build: Build;
  /** Absolute path of a local storage with empty tables, to be copied. */
  readonly emptyStorage: string;
}

/** Environment variable with the path of a preparation as JSON, for the projects of a whole run. */
export const preparationVariable = "TEST_PREPARATION";

/**
 * Builds the product and makes an empty storage.
 *
 * @param directory absolute path of a folder for this alone
 * @throws {ScriptError} with the output, when a part fails
 */
export async function prepare(directory: string): Promise<Preparation> {
  const emptyStorage = join(directory, "empty");
  const [build] = await Promise.all([
    buildAll(join(directory, "build")),
    migrateLocally(emptyStorage),
  ]);
  return { build, emptyStorage };
}

/** @returns what the whole run has prepared, or undefined for a project that runs alone */
export function givenPreparation(): Preparation | undefined {
  const file = process.env[preparationVariable];
  return file ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
