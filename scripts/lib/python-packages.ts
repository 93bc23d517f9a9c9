import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ScriptError } from "./failure.ts";
import { fromRoot } from "./paths.ts";
import { type Bucket, hashFile } from "./r2.ts";

/** Fills the bucket with packages for the Python that runs in browsers (decision 0058). */

/** A package in Pyodide's list. */
export interface ListedPackage {
  readonly name: string;
  readonly version: string;
  readonly file_name: string;
  readonly sha256: string;
  /** Names of other packages. */
  readonly depends: readonly string[];
}

/** The packages of one version of Pyodide. */
export interface PackageList {
  /** The version of Pyodide. */
  readonly version: string;
  readonly packages: Readonly<Record<string, ListedPackage>>;
}

/** @returns the list of the Pyodide that the web app has */
export function readPackageList(): PackageList {
  const read = (name: string) =>
    JSON.parse(readFileSync(fromRoot("web/node_modules/pyodide", name), "utf8"));
  return { version: read("package.json").version, packages: read("pyodide-lock.json").packages };
}

export interface FillOptions {
  /** Path of a folder with packages. Folders in it are left out. */
  readonly folder: string;
  readonly list: PackageList;
  readonly bucket: Bucket;
  /** Gets each line for the terminal. */
  readonly print: (line: string) => void;
}

/** Names of files. */
export interface FillResult {
  readonly uploaded: readonly string[];
  /** Were in the bucket already. */
  readonly kept: readonly string[];
  /** Are no packages of the list, and were not uploaded. */
  readonly refused: readonly string[];
  /** Are needed by the packages of the folder, and are neither in it nor in the bucket. */
  readonly missing: readonly string[];
}

/** Pyodide's own archive has this file beside the packages. */
const ownFiles: ReadonlySet<string> = new Set(["python_stdlib.zip"]);

/**
 * Uploads the packages of a folder that are in the list, byte for byte. Can be run again: what is in
 * the bucket already stays.
 *
 * @throws {ScriptError} when there is no such folder, no package in it, or the bucket cannot be
 *   read or written
 */
export async function fillPackages(options: FillOptions): Promise<FillResult> {
  const { folder, list, bucket, print } = options;
  const { accepted, refused } = await checkFolder(options);
  const keyOf = ({ file_name }: ListedPackage) => `python/${list.version}/${file_name}`;
  const isThere = async (one: ListedPackage) => (await bucket.hash(keyOf(one))) === one.sha256;
  const uploaded: string[] = [];
  const kept: string[] = [];
  for (const one of accepted) {
    const name = one.file_name;
    if (await isThere(one)) {
      kept.push(name);
      print(`already there  ${name}`);
    } else {
      await bucket.put(keyOf(one), join(folder, name), "application/zip");
      uploaded.push(name);
      print(`uploaded       ${name}`);
    }
  }
  const missing: string[] = [];
  for (const [one, needing] of findNeeded(list, accepted)) {
    if (await isThere(one)) continue;
    missing.push(one.file_name);
    print(`missing        ${one.file_name}, which ${needing} needs`);
  }
  return { uploaded, kept, refused, missing };
}

/** Compares the files of the folder with the list. */
async function checkFolder({ folder, list, print }: FillOptions) {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new ScriptError(`There is no folder ${folder}.`);
  }
  const names = readdirSync(folder)
    .filter((name) => /\.(?:whl|zip)$/.test(name) && !ownFiles.has(name))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  if (names.length === 0) {
    throw new ScriptError(`There are no packages in ${folder}: files that end in .whl or .zip.`);
  }
  const listed = new Map(Object.values(list.packages).map((one) => [one.file_name, one]));
  const accepted: ListedPackage[] = [];
  const refused: string[] = [];
  for (const name of names) {
    const one = listed.get(name);
    if (one && (await hashFile(join(folder, name))) === one.sha256) {
      accepted.push(one);
      continue;
    }
    refused.push(name);
    print(
      one
        ? `refused        ${name}: its SHA-256 is not the one in the list of Pyodide ${list.version}`
        : `refused        ${name}: it is not in the list of Pyodide ${list.version}`,
    );
  }
  return { accepted, refused };
}

/** @returns what packages need beside themselves, each with the name of one that needs it */
function findNeeded(
  { packages }: PackageList,
  accepted: readonly ListedPackage[],
): Map<ListedPackage, string> {
  const needed = new Map<ListedPackage, string>();
  const add = (needing: ListedPackage): void => {
    for (const name of needing.depends) {
      const one = packages[name.replace(/[-_.]+/g, "-").toLowerCase()];
      if (!one || accepted.includes(one) || needed.has(one)) continue;
      needed.set(one, needing.name);
      add(one);
    }
  };
  for (const one of accepted) add(one);
  return needed;
}
