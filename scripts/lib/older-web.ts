/** The web app of an earlier commit, built to run in front of the worker of this checkout. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { buildWeb, bundlePages } from "./build.ts";
import { fromRoot, rootDir } from "./paths.ts";

/** What the web app is built from. Its tests are not. */
const sources = [
  "web",
  "api-worker/src/contracts",
  "package.json",
  "pnpm-workspace.yaml",
  ":(exclude)web/e2e",
  ":(exclude)**/*.test.*",
];

/** Why there is no older web app to build. */
export type NoOlderWeb = { readonly missing: string };

/**
 * Finds the last commit whose web app is another than that of this checkout. Commits that changed
 * only the worker are passed over: their web app is the one that all other browser tests use.
 */
export function findOlderWeb(): { readonly commit: string } | NoOlderWeb {
  if (git("rev-parse", "--verify", "HEAD") === null) return { missing: "git has no commit here" };
  if (git("status", "--porcelain", "--", ...sources)) return { commit: "HEAD" };
  const newest = git("log", "-1", "--format=%H", "--", ...sources);
  const commit = newest && git("rev-parse", "--verify", "--quiet", `${newest}^`);
  return commit ? { commit } : { missing: "the history of this checkout is too short" };
}

/** @returns git's output without the last line break; null when it fails */
function git(...args: string[]): string | null {
  return run(args, process.env);
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): string | null {
  try {
    const stdio = ["ignore", "pipe", "ignore"] as const;
    return execFileSync("git", args, {
      cwd: rootDir,
      env,
      encoding: "utf8",
      stdio: [...stdio],
    }).trimEnd();
  } catch {
    return null;
  }
}

/** The built web app of an earlier commit. */
export interface OlderWeb {
  /** Absolute path of its folder. */
  readonly web: string;
  /** Absolute path of the bundled functions of Pages. */
  readonly pages: string;
}

/**
 * Builds the web app of an earlier commit with the packages that are installed.
 *
 * @param directory absolute path of a folder used for nothing else
 * @throws {ScriptError} with the output, when the build fails for another reason than a missing
 *   package
 */
export async function buildOlderWeb(
  commit: string,
  directory: string,
): Promise<OlderWeb | NoOlderWeb> {
  const checkout = join(directory, "checkout");
  if (!checkOut(commit, checkout)) return { missing: `git cannot read the files of ${commit}` };
  const web = join(checkout, "web");
  const missing = linkPackages(checkout);
  try {
    await buildWeb(web);
  } catch (error) {
    if (missing.length === 0) throw error;
    return { missing: `its packages are not installed any more: ${missing.join(", ")}` };
  }
  return { web, pages: await bundlePages(join(directory, "pages"), web) };
}

/** Writes the files of a commit, by an index of its own: git's own index is not touched. */
function checkOut(commit: string, checkout: string): boolean {
  mkdirSync(checkout, { recursive: true });
  const env = { ...process.env, GIT_INDEX_FILE: join(dirname(checkout), "index") };
  return (
    run(["read-tree", commit], env) !== null &&
    run(["checkout-index", "--all", `--prefix=${checkout}/`], env) !== null
  );
}

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Gives an earlier web app the packages that this checkout has, and the worker's contracts of its own
 * commit.
 *
 * @returns packages that it names and that are not installed
 */
function linkPackages(checkout: string): string[] {
  for (const folder of ["web", "api-worker"]) linkAll(folder, checkout);
  const file: PackageFile = JSON.parse(readFileSync(join(checkout, "web/package.json"), "utf8"));
  return Object.keys(file.dependencies ?? {}).filter(
    (name) => !existsSync(join(checkout, "web/node_modules", name)),
  );
}

/** Links installed packages one by one, so that those of the workspace are the earlier ones. */
function linkAll(folder: string, checkout: string): void {
  const installed = fromRoot(folder, "node_modules");
  for (const name of packageNames(installed)) {
    const target = realpathSync(join(installed, name));
    const isOfWorkspace = !target.includes("node_modules");
    const link = join(checkout, folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(isOfWorkspace ? join(checkout, name) : target, link, "junction");
  }
}

/** The names of the packages in a folder, those with a scope included. */
function packageNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@")
        ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`)
        : [name],
    );
}
