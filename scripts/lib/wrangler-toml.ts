import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "smol-toml";
import { rootDir } from "./paths.ts";

/**
 * Reads a configuration of wrangler as it is written. Not with wrangler's own library, which takes two
 * seconds to load.
 *
 * @param path absolute, or relative to the top folder
 */
export function readWranglerToml<Config>(path = "wrangler.toml"): Config {
  return parse(readFileSync(resolve(rootDir, path), "utf8")) as Config;
}
