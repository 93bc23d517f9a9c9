/**
 * Proves that the target has what the source has: counts, digests by buckets of groups, and where they
 * differ, rows and columns. It shares no code with the conversion.
 */
import type { Source, Target } from "../model.ts";
import { checkLinks } from "./checks/document-links.ts";
import { checkReferences, countPendingSearch } from "./checks/references.ts";
import { type Comparison, compareGroups, GroupCounts } from "./compare/compare-groups.ts";
import { openLedger } from "./compare/ledger.ts";
import { compareLegacy } from "./compare/legacy.ts";
import { type Sides, sideOf, TableSides } from "./compare/sides.ts";
import { comparedKinds, ExpectedSource } from "./expected-source.ts";
import { checkFiles, type FileFetcher } from "./files.ts";
import { readStoredRows } from "./stored/stored-rows.ts";
import { storedTables } from "./stored/stored-tables.ts";
import { Differences, type TableResult, type Verification } from "./verification.ts";

export interface VerifyOptions {
  readonly source: Source;
  readonly target: Target;
  /** The IANA name of the zone of times without one. */
  readonly zone: string;
  /**
   * Whether the source lists all groups. With `--since` it does not, and groups that it does not list
   * are no difference.
   */
  readonly isWhole: boolean;
  /** Fetches a file of the old store again; null to compare with the recorded sums. */
  readonly fetchFile: FileFetcher | null;
  /** Told how many rows of both sides were read so far. */
  readonly onProgress?: (progress: VerifyProgress) => void;
  readonly signal?: AbortSignal;
}

export interface VerifyProgress {
  readonly step: "rows" | "differences" | "references" | "files";
  readonly rows: number;
}

/**
 * Compares the whole of source and target, and writes nothing. Memory does not grow with their size.
 *
 * @throws what source or target throw, and the signal's reason
 */
export async function verifyImport(options: VerifyOptions): Promise<Verification> {
  const { source, target, zone, isWhole, signal } = options;
  const startedAt = Date.now();
  const progress = new Progress(options);
  const sides: Sides = new Map(storedTables.map((table) => [table.name, new TableSides(table)]));
  const differences = new Differences();
  const groups = new GroupCounts();
  const expected = new ExpectedSource(source, target, zone);
  await expected.prepare();
  await Promise.all([sumSource(expected, sides, progress), sumTarget(target, sides, progress)]);

  progress.begin("differences");
  const ledger = await openLedger(target);
  const comparison: Comparison = {
    ...{ target, ledger, expected, sides, differences, groups, isWhole, renamed: new Set() },
  };
  for (const kind of comparedKinds) {
    await compareGroups(comparison, kind);
    signal?.throwIfAborted();
  }
  const legacy = await compareLegacy({ source, target, ledger, differences, groups, isWhole });

  progress.begin("references");
  const references = [
    ...(await checkReferences(target, differences)),
    ...(await checkLinks(target, differences)),
  ];
  signal?.throwIfAborted();

  progress.begin("files");
  const files = await checkFiles({
    ...{ target, fetchFile: options.fetchFile, differences, named: expected.files },
    onFile: () => progress.add(1),
  });
  const tables = [...[...sides.values()].map((side) => resultOf(side, differences)), ...legacy];
  return {
    ...{ startedAt, finishedAt: Date.now(), tables, groups, files, references },
    differences: differences.kept,
    differenceCount: differences.total,
    search: await countPendingSearch(target),
  };
}

class Progress {
  readonly #options: VerifyOptions;
  #step: VerifyProgress["step"] = "rows";
  #rows = 0;

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  begin(step: VerifyProgress["step"]): void {
    this.#step = step;
    this.add(0);
  }

  /** @throws the reason of the signal */
  add(rows: number): void {
    this.#options.signal?.throwIfAborted();
    this.#rows += rows;
    this.#options.onProgress?.({ step: this.#step, rows: this.#rows });
  }
}

async function sumSource(expected: ExpectedSource, sides: Sides, progress: Progress) {
  for (const kind of comparedKinds) {
    for await (const rows of expected.readAll(kind)) {
      for (const row of rows) sideOf(sides, row.table.name).addExpected(row);
      progress.add(rows.length);
    }
  }
}

async function sumTarget(target: Target, sides: Sides, progress: Progress): Promise<void> {
  for (const table of storedTables) {
    const side = sideOf(sides, table.name);
    for await (const rows of readStoredRows(target, table)) {
      for (const row of rows) side.addStored(row);
      progress.add(rows.length);
    }
  }
}

/** A table's digests can differ without a named row only if rows changed while they were read. */
function resultOf(side: TableSides, differences: Differences): TableResult {
  const { source, target, table, madeHere, notCompared } = side;
  const [sourceDigest, targetDigest] = [source.digest, target.digest];
  if (sourceDigest !== targetDigest && differences.countOf(table.name) === 0) {
    differences.add({
      ...{ kind: "differs", table: table.name, key: "the whole table", column: null },
      ...{ source: sourceDigest, target: targetDigest },
    });
  }
  return {
    ...{ table: table.name, sourceRows: source.count, targetRows: target.count },
    ...{ sourceDigest, targetDigest, madeHere, notCompared },
    differences: differences.countOf(table.name),
  };
}
