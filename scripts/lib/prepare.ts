import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Build, buildAll } from "./build.ts";
import { migrateLocally } from "./wrangler.ts";

/** What test stacks start from. */
export interface Preparation {
  readonly build: Build;
  /** Absolute path of a local storage with empty tables, to be copied. */
  readonly emptyStorage: string;
}

/** Environment variable with the path of a JSON file that describes a whole run's preparation. */
export const preparationVariable = "TEST_PREPARATION";

/**
 * Builds the product and creates an empty storage.
 *
 * @param directory absolute path of a folder used for nothing else
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

/** @returns the preparation of the whole run, or undefined in a project that runs alone */
export function givenPreparation(): Preparation | undefined {
  const file = process.env[preparationVariable];
  return file ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
