import { setTimeout as sleep } from "node:timers/promises";
import type { FileOutcome } from "../model.ts";
import { fileMaxBytes, tooLarge, Unsuitable } from "./check-file.ts";
import { isNamedHost } from "./named-hosts.ts";

/** A file that was downloaded, or why not. */
export type Download = FileHere | Exclude<FileOutcome, { readonly state: "stored" }>;

export interface FileHere {
  readonly state: "here";
  readonly bytes: Uint8Array;
  /** Epoch milliseconds, as the store says. */
  readonly modifiedAt: number | null;
}

export interface DownloadOptions {
  /** Hosts that files may come from, with `*.` for any name below. */
  readonly hosts: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Waits between attempts; tests replace it. */
  readonly pause?: (ms: number) => Promise<unknown>;
  /** Bounds each attempt. */
  readonly timeoutMs?: number;
}

/** Bytes of a file that is held in memory together with others. */
const smallFileBytes = 16 * 1024 * 1024;
const attemptsMax = 5;
const firstDelayMs = 500;
const longestDelayMs = 60_000;
const timeoutMs = 300_000;
const redirectsMax = 3;

/**
 * Downloads a file, with a few attempts. Only the named hosts are asked, also after a redirect, so
 * that an address in a user's message cannot make this machine read from another place.
 *
 * @param waitForRoom is called once for a file that turns out to be large, and waited for
 */
export async function download(
  url: string,
  options: DownloadOptions,
  waitForRoom: () => Promise<void>,
): Promise<Download> {
  const { signal } = options;
  const pause = options.pause ?? ((ms) => sleep(ms, undefined, signal && { signal }));
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const result = await attemptDownload(url, options, waitForRoom);
    if (result.state !== "again") return result;
    if (attempt >= attemptsMax) {
      return { state: "failed", reason: `${result.reason} (${attempt} attempts).` };
    }
    const delayMs = result.delayMs ?? firstDelayMs * 2 ** (attempt - 1);
    await pause(Math.min(delayMs, longestDelayMs));
  }
}

interface Again {
  readonly state: "again";
  /** Without the full stop. */
  readonly reason: string;
  readonly delayMs?: number;
}

async function attemptDownload(
  first: string,
  options: DownloadOptions,
  waitForRoom: () => Promise<void>,
): Promise<Download | Again> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let url = URL.parse(first);
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    if (!url || !isNamedHost(url, options.hosts)) return notNamed(url);
    try {
      const response = await fetch(url, { redirect: "manual", signal });
      if (response.ok) return await readFile(response, waitForRoom);
      await response.body?.cancel();
      const location = response.headers.get("location");
      const isRedirect = response.status >= 300 && response.status < 400;
      if (!isRedirect || location === null) return refused(response);
      url = URL.parse(location, url);
    } catch (error) {
      if (error instanceof Unsuitable) return { state: "missing", reason: error.message };
      options.signal?.throwIfAborted();
      return { state: "again", reason: `The store could not be read: ${wordsOf(error)}` };
    }
  }
  return { state: "failed", reason: "The store answers with one redirect after another." };
}

function notNamed(url: URL | null): Download {
  const host = url?.host || "this address";
  return { state: "left", reason: `Files of ${host} are not copied; --blob-host names hosts.` };
}

function refused({ status, headers }: Response): Download | Again {
  if (status === 404 || status === 410) {
    return { state: "missing", reason: "The store does not have it any more." };
  }
  const reason = `The store answered with the status ${status}`;
  if (status === 429 || status === 408 || status >= 500) {
    const seconds = Number(headers.get("retry-after"));
    return { state: "again", reason, ...(seconds > 0 && { delayMs: seconds * 1_000 }) };
  }
  return { state: "failed", reason: `${reason}.` };
}

/** @throws {Unsuitable} for a file that is too large */
async function readFile(
  { body, headers }: Response,
  waitForRoom: () => Promise<void>,
): Promise<FileHere> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let hasRoom = false;
  if (Number(headers.get("content-length")) > fileMaxBytes) {
    await body?.cancel();
    throw tooLarge(fileMaxBytes);
  }
  // Leaving the loop cancels the body.
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > fileMaxBytes) throw tooLarge(fileMaxBytes);
    if (length > smallFileBytes && !hasRoom) {
      await waitForRoom();
      hasRoom = true;
    }
    chunks.push(chunk);
  }
  const modified = Date.parse(headers.get("last-modified") ?? "");
  return {
    state: "here",
    bytes: Buffer.concat(chunks, length),
    modifiedAt: Number.isFinite(modified) ? modified : null,
  };
}

/** fetch says the true reason in the cause of its error. */
function wordsOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
