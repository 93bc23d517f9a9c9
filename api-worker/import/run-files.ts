/** The files of a run: copies them, and fetches them again for the comparison. */

import { fileMaxBytes } from "./files/check-file.ts";
import { download } from "./files/download.ts";
import { FileCopier } from "./files/file-copier.ts";
import type { FileOutcome, FileReference, Target } from "./model.ts";
import type { ImportOptions } from "./options.ts";
import type { RunFiles } from "./run-import.ts";

export type RunFilesOptions = Pick<ImportOptions, "blob" | "blobHosts" | "run" | "verifyFiles">;

export function openRunFiles(
  { blob, blobHosts, run, verifyFiles }: RunFilesOptions,
  target: Target,
): RunFiles {
  const options = { hosts: blobHosts, maxBytes: fileMaxBytes };
  const copier = new FileCopier({ ...options, target, mode: blob, isDryRun: run === "dry-run" });
  const counts = { named: 0, left: 0, missing: 0, failed: 0 };
  return {
    async copy(references: readonly FileReference[]) {
      if (references.length === 0) return new Map<string, FileOutcome>();
      const outcomes = await copier.copy(references);
      counts.named += references.length;
      for (const { state } of outcomes.values()) if (state !== "stored") counts[state] += 1;
      return outcomes;
    },
    fetch:
      verifyFiles === "recorded"
        ? null
        : async (url) => {
            const file = await download(url, options, async () => {});
            if (file.state === "failed") throw new Error(file.reason);
            return file.state === "here" ? file.bytes : null;
          },
    totals() {
      const { stored, bytes } = copier.totals;
      return { ...counts, stored, storedBytes: bytes };
    },
  };
}
