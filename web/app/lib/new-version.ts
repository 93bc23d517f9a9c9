/** What an open page does when the web app or the API has been deployed again since it was loaded. */
import { type ComponentType, lazy } from "react";
import { readError } from "./error-text.ts";
import { Store } from "./store.ts";

/** Whether the server has another build of the web app than this page. Browser only. */
export const isOutdated = new Store(false);

/** Where the server names its build. */
const versionPath = "/version";
/** Refusals are common, and only a few of them come from an older page. */
const checkEveryMs = 60_000;

let checking: Promise<boolean> | null = null;
let checkedAtMs = Number.NEGATIVE_INFINITY;

/**
 * Asks the server for its build after something that an older page can cause, and sets
 * {@link isOutdated}.
 *
 * @returns false also on the server, and when the server cannot be reached
 */
export function checkVersion(): Promise<boolean> {
  if (typeof document === "undefined") return Promise.resolve(false);
  if (isOutdated.value) return Promise.resolve(true);
  checking ??= look().finally(() => {
    checking = null;
    checkedAtMs = Date.now();
  });
  return checking;
}

/**
 * Checks the build after a refusal that a newer API may give to an older page: the call is not
 * there any more, or has another input.
 */
export function noteRefusal(error: unknown): void {
  const { errorCode } = readError(error);
  if (errorCode !== "NOT_FOUND" && errorCode !== "INVALID") return;
  if (Date.now() - checkedAtMs > checkEveryMs) void checkVersion();
}

async function look(): Promise<boolean> {
  // React Router's name for the build, in every page that it serves.
  const { __reactRouterManifest: manifest } = window as {
    readonly __reactRouterManifest?: { readonly version: string };
  };
  try {
    const response = await fetch(versionPath);
    if (!response.ok || !manifest) return false;
    const { version } = (await response.json()) as { version: string };
    if (version !== manifest.version) isOutdated.set(true);
  } catch {
    // No network, or no server: neither says anything about versions.
  }
  return isOutdated.value;
}

/**
 * Loads a part of the app. A deployment replaces the files of the earlier one: the part of an older
 * page is then gone.
 *
 * @returns a promise that never settles when the page is outdated, so that the page stays as it is,
 *   with the notice to reload
 * @throws what `load` throws in any other case
 */
async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    if (await checkVersion()) return new Promise(() => {});
    throw error;
  }
}

/** React's `lazy`, for parts that a deployment may have replaced. */
export function lazyPart<Props>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  return lazy(() => loadPart(load)) as ComponentType<unknown> as ComponentType<Props>;
}
