import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readWranglerToml } from "./wrangler-toml.ts";

/**
 * Writes a configuration with the databases or the buckets of wrangler.toml alone: the objects of
 * the whole one need the worker to be running.
 *
 * @param directory absolute path of the folder for it, which is made if need be
 * @returns the path of the file
 */
export function writeStorageConfig(
  directory: string,
  storage: "d1_databases" | "r2_buckets",
): string {
  const { name, compatibility_date, ...config } =
    readWranglerToml<Readonly<Record<string, unknown>>>();
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "wrangler.json");
  writeFileSync(file, JSON.stringify({ name, compatibility_date, [storage]: config[storage] }));
  return file;
}
