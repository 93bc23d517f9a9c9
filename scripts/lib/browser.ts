import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { ScriptError } from "./failure.ts";

/** The same engine without the parts for a window, in which the tests run a quarter faster. */
const headlessShell = "chromium-headless-shell";
const browserNames = [
  headlessShell,
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
];
const macBrowsers = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Arguments with which Chromium runs as any user, without a display, and sends no requests of its
 * own.
 */
export const browserArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian has the first, other systems have at least the second. */
const packageNames = [headlessShell, "chromium"];

/** Whether the browser tests show the browser's window: HEADED=1. */
export function isHeaded(): boolean {
  return process.env.HEADED === "1";
}

/** @returns the usable names: the shell has no window to show */
function usable(names: readonly string[]): readonly string[] {
  return isHeaded() ? names.filter((name) => name !== headlessShell) : names;
}

/**
 * Looks for an installed browser with all parts: the headless shell has no notifications.
 *
 * @returns as {@link findBrowser}
 */
export function findFullBrowser(): string | undefined {
  return findBrowser(browserNames.filter((name) => name !== headlessShell));
}

/**
 * Looks for an installed browser: CHROME_PATH, then the usual names.
 *
 * @param names that may be found in the PATH
 * @returns its absolute path, or undefined when there is none
 * @throws {ScriptError} when CHROME_PATH does not exist
 */
export function findBrowser(names = usable(browserNames)): string | undefined {
  const chosen = process.env.CHROME_PATH;
  const isShell = chosen !== undefined && basename(chosen) === headlessShell;
  if (chosen && (!isShell || names.includes(headlessShell))) {
    if (existsSync(chosen)) return chosen;
    throw new ScriptError(`CHROME_PATH is ${chosen}, but there is no such file.`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...macBrowsers].find((path) => existsSync(path));
}

/**
 * Finds a browser, and installs Chromium with apt-get when there is none.
 *
 * @throws {ScriptError} with instructions, when that fails
 */
export function ensureBrowser(): string {
  const installed = findBrowser();
  if (installed && findFullBrowser()) return installed;
  if (existsSync("/usr/bin/apt-get")) {
    console.log("A browser is missing: installing Chromium with apt-get …");
    runAptGet("update");
    for (const name of usable(packageNames)) {
      runAptGet("install", "-y", "--no-install-recommends", name);
    }
  }
  // Without a full browser too: only the tests of notifications need one, and say so.
  const found = findBrowser();
  if (found) return found;
  throw new ScriptError(
    "The browser tests need Chromium or Chrome: install one, or set CHROME_PATH to where it is.",
  );
}

/** @returns whether apt-get succeeded */
function runAptGet(...args: string[]): boolean {
  const [command = "", ...rest] = [
    ...(process.getuid?.() === 0 ? [] : ["sudo", "-n"]),
    ...["apt-get", ...args],
  ];
  const { status } = spawnSync(command, rest, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return status === 0;
}
