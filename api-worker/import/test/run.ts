import type { Source, Target } from "../model.ts";
import type { ImportRun } from "../report/run.ts";
import { openRunFiles, type RunFilesOptions } from "../run-files.ts";
import { type RunOptions, runImport } from "../run-import.ts";
import type { BlobServer } from "./blob-server.ts";

interface Sides {
  readonly source: Source;
  readonly target: Target;
  readonly blob: BlobServer;
}

/** The files of a whole run, from a store of the test. */
export function filesOfRun({ target, blob }: Sides, options: Partial<RunFilesOptions> = {}) {
  const blobHosts = [blob.host];
  const defaults = { blob: "copy", blobHosts, verifyFiles: "source", run: "import" } as const;
  return openRunFiles({ ...defaults, ...options }, target);
}

/** Runs the import as the command does. */
export function runOn(
  sides: Sides,
  options: Partial<RunOptions & RunFilesOptions> = {},
): Promise<ImportRun> {
  const { source, target } = sides;
  return runImport({
    ...{ run: "import", zone: "UTC", since: null, source, target },
    files: filesOfRun(sides, options),
    names: { source: "old", target: "new" },
    onProgress: () => {},
    signal: new AbortController().signal,
    ...options,
  });
}
