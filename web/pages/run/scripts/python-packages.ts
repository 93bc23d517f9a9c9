import type {
  LoadedFile,
  PackageFile,
  PackageProblem,
} from "../../../app/features/documents/run/packages/package-files.ts";
import { runLimits } from "../../../app/features/documents/run/run-limits.ts";

/** A package in Pyodide's list. */
interface ListedPackage {
  readonly name: string;
  readonly file_name: string;
  readonly sha256: string;
  /** The modules that it has. */
  readonly imports: readonly string[];
  /** Names of other packages. */
  readonly depends: readonly string[];
}

/** The parts of Pyodide's lock file that are used here. */
export interface PackageLock {
  readonly packages: Readonly<Record<string, ListedPackage>>;
}

/** The packages that a run's code imports: what has to be loaded and, when an import fails, why. */
export class PythonPackages {
  readonly #lock: PackageLock;
  /** The keys of packages in the list, by module. */
  readonly #keys: ReadonlyMap<string, string>;
  /** The keys of the packages that the code imports. */
  readonly #imported: ReadonlySet<string>;
  /** By the name of a file. */
  readonly #problems = new Map<string, PackageProblem | "not-started">();

  /** @param modules what the code imports. A module within another stands for that one */
  constructor(lock: PackageLock, modules: readonly string[]) {
    this.#lock = lock;
    this.#keys = new Map(
      Object.entries(lock.packages).flatMap(([key, { imports }]) =>
        imports.map((module) => [module, key] as const),
      ),
    );
    this.#imported = new Set(modules.flatMap((module) => this.#keys.get(topOf(module)) ?? []));
  }

  /** @returns the files that have to be loaded; none if they are more than a run may load */
  listFiles(): readonly PackageFile[] {
    const packages = new Set([...this.#imported].flatMap((key) => this.#closureOf(key)));
    const files = [...packages].map(({ file_name: name, sha256 }) => ({ name, sha256 }));
    if (files.length <= runLimits.packageFilesMax) return files;
    for (const { name } of files) this.#problems.set(name, "too-large");
    return [];
  }

  /**
   * Notes which files were not loaded.
   *
   * @returns the names of the imported packages that are whole, with all packages that they need
   */
  takeFiles(files: readonly LoadedFile[]): readonly string[] {
    for (const file of files) {
      if ("problem" in file) this.#problems.set(file.name, file.problem);
    }
    return [...this.#imported].filter((key) =>
      this.#closureOf(key).every((one) => !this.#problems.has(one.file_name)),
    );
  }

  /** Notes that some of the packages that were to be started have not. */
  takeStarted(wanted: readonly string[], started: readonly string[]): void {
    for (const one of wanted.flatMap((key) => this.#closureOf(key))) {
      if (!started.includes(one.name)) this.#problems.set(one.file_name, "not-started");
    }
  }

  /** Says why a module cannot be imported that the standard library does not have, and what to do. */
  explain(module: string): string {
    const top = topOf(module);
    const key = this.#keys.get(top);
    if (key === undefined) {
      return `“${top}” isn’t available here. Use code without it, or download the file and run it on your computer.`;
    }
    const name = this.#lock.packages[key]?.name ?? key;
    const closure = this.#closureOf(key);
    const withProblem = (problem: PackageProblem | "not-started") =>
      closure.filter((one) => this.#problems.get(one.file_name) === problem);
    const missing = withProblem("missing");
    if (missing.length > 0) return missingText(name, missing);
    const damaged = withProblem("damaged");
    if (damaged.length > 0) {
      return `The package ${name} is damaged on this site. The site’s operator can replace it with \`pnpm python:packages\`: ${fileNames(damaged)}.`;
    }
    if (withProblem("too-large").length > 0) {
      return `The packages that this code imports are larger than a run may load: ${runLimits.packagesMaxBytes / 1_000_000} MB in ${runLimits.packageFilesMax} files. Import fewer.`;
    }
    if (withProblem("failed").length > 0) {
      return `The package ${name} couldn’t be loaded. Check your connection and run the code again.`;
    }
    if (withProblem("not-started").length > 0) {
      return `The package ${name} couldn’t be started in this browser.`;
    }
    return `Packages are loaded before the code runs, by its import statements. Add the line “import ${top}” and run the code again.`;
  }

  /** @returns a package and all that it needs, each once */
  #closureOf(key: string, found = new Map<string, ListedPackage>()): readonly ListedPackage[] {
    const one = this.#lock.packages[key];
    if (one && !found.has(key)) {
      found.set(key, one);
      for (const name of one.depends) this.#closureOf(keyOf(name), found);
    }
    return [...found.values()];
  }
}

function topOf(module: string): string {
  return module.split(".", 1)[0] ?? module;
}

/**
 * The key of a package in the list, by its name.
 *
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
function keyOf(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

function fileNames(packages: readonly ListedPackage[]): string {
  return packages.map(({ file_name }) => file_name).join(", ");
}

function missingText(name: string, missing: readonly ListedPackage[]): string {
  const names = missing.map((one) => one.name);
  const isItself = names.includes(name);
  const isOne = names.length === 1;
  const what = isItself
    ? `The package ${name} isn’t installed on this site.`
    : `The package ${name} needs ${new Intl.ListFormat("en").format(names)}, which ${isOne ? "isn’t" : "aren’t"} installed on this site.`;
  return `${what} The site’s operator can add ${isItself || isOne ? "it" : "them"} with \`pnpm python:packages\`: ${fileNames(missing)}.`;
}
