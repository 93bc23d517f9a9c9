import { version } from "pyodide/package.json";
import { runLimits } from "../run-limits.ts";
import type { LoadedFile, PackageFile } from "./package-files.ts";

/** Loads files of packages. Rejects when the signal is aborted, and never else. */
export type LoadPackageFiles = (
  files: readonly PackageFile[],
  signal: AbortSignal,
) => Promise<readonly LoadedFile[]>;

/**
 * Loads files of packages for Python from this site, and compares each with its SHA-256. The page
 * does it for the frame, whose policy refuses it, so that a run can ask the worker for nothing.
 */
export const loadPackageFiles: LoadPackageFiles = async (files, signal) => {
  const tooLarge = new AbortController();
  const all = AbortSignal.any([signal, tooLarge.signal]);
  let leftBytes: number = runLimits.packagesMaxBytes;
  const countBytes = (bytes: number) => {
    leftBytes -= bytes;
    if (leftBytes < 0) tooLarge.abort();
    all.throwIfAborted();
  };
  const loaded = await Promise.all(
    files.map(async (file): Promise<LoadedFile> => {
      try {
        return { name: file.name, ...(await loadFile(file, all, countBytes)) };
      } catch {
        return { name: file.name, problem: tooLarge.signal.aborted ? "too-large" : "failed" };
      }
    }),
  );
  signal.throwIfAborted();
  return loaded;
};

async function loadFile(
  { name, sha256 }: PackageFile,
  signal: AbortSignal,
  countBytes: (bytes: number) => void,
): Promise<{ bytes: Uint8Array<ArrayBuffer> } | { problem: "missing" | "damaged" }> {
  // The browser keeps a file for good, also one that was damaged and has been replaced since.
  for (const cache of ["default", "reload"] as const) {
    const response = await fetch(`/run/packages/${version}/${name}`, {
      credentials: "omit",
      cache,
      signal,
    });
    if (response.status === 404) return { problem: "missing" };
    if (!response.ok) throw new Error(`${name} was answered with ${response.status}.`);
    const bytes = await readBytes(response, countBytes);
    if ((await hashOf(bytes)) === sha256) return { bytes };
    countBytes(-bytes.length);
  }
  return { problem: "damaged" };
}

/** Reads a body, and counts its bytes as they arrive. */
async function readBytes(
  response: Response,
  countBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      countBytes(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return new Uint8Array(await new Response(response.body?.pipeThrough(counter)).arrayBuffer());
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
