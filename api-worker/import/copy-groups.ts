/** Copies what the source has and the target lacks, and deletes what the source has no more. */
import type { ConvertContext } from "./convert/context.ts";
import { contextDigest } from "./convert/context-digest.ts";
import { collectFiles, convertGroup } from "./convert/convert-group.ts";
import { legacyStatements } from "./convert/legacy.ts";
import type {
  FileOutcome,
  FileReference,
  Finding,
  GroupKey,
  GroupKind,
  RawGroup,
  Source,
  SourceGroup,
  Target,
} from "./model.ts";
import type { GroupTotals } from "./report/run.ts";
import { inBatches } from "./source/batches.ts";
import { deleteGroups } from "./write/delete-groups.ts";
import { type LedgerGroup, readLedger } from "./write/ledger.ts";
import { planRun } from "./write/plan-run.ts";
import { type WritableGroup, writeGroups } from "./write/write-groups.ts";

/** What is read from the source at once. */
const batchBounds = { groups: 200, bytes: 4_000_000 };

/** Copies the files of some groups. */
export type FileCopier = (
  references: readonly FileReference[],
) => Promise<ReadonlyMap<string, FileOutcome>>;

export interface CopyOptions {
  readonly source: Source;
  readonly target: Target;
  readonly context: ConvertContext;
  readonly copyFiles: FileCopier;
  /** Whether nothing is written: everything is read and converted. */
  readonly isDry: boolean;
  /** Whether the source lists all of its groups; if not, nothing is deleted. */
  readonly isWhole: boolean;
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (progress: CopyProgress) => void;
  readonly signal: AbortSignal;
}

export interface CopyProgress {
  readonly listed: number;
  readonly copied: number;
  readonly rows: number;
}

export type CopyTotals = Readonly<Record<GroupKind, GroupTotals>>;

/**
 * Copies the groups that differ.
 *
 * @returns the groups of each kind
 * @throws what the source or the target throws; a second run goes on from there
 */
export async function copyGroups(options: CopyOptions): Promise<CopyTotals> {
  const { source, target, isDry, isWhole, onFinding, signal } = options;
  if (!isDry) await makeLegacyTables(source, target);
  const copying = new Copying(options);
  const written = copying.convert();
  if (isDry) {
    for await (const _ of written) signal.throwIfAborted();
  } else await writeGroups(target, written, { onFinding, signal, onProgress: copying.noteWritten });
  if (isWhole && !isDry) {
    const { kept } = await deleteGroups(target, copying.gone, { onFinding, signal });
    copying.noteKept(kept);
  }
  return copying.totals();
}

/** Makes the tables for what the product does not know, and adds columns that came since. */
async function makeLegacyTables(source: Source, target: Target): Promise<void> {
  for (const table of source.shape.legacyTables) {
    const columns = await target.query<{ name: string }>("content", {
      sql: "SELECT name FROM pragma_table_info(?1)",
      params: [table.name],
    });
    const existing = columns.map(({ name }) => name);
    await target.batch("content", legacyStatements(table, existing));
  }
}

/** What became of a group's files. */
interface GroupFiles {
  readonly outcomes: ReadonlyMap<string, FileOutcome>;
  /** Whether none has failed that may come in another run. */
  readonly isComplete: boolean;
}

const noFiles: GroupFiles = { outcomes: new Map(), isComplete: true };

class Copying {
  readonly gone: GroupKey[] = [];
  readonly #options: CopyOptions;
  readonly #listed = new Map<GroupKind, number>();
  readonly #copied = new Map<GroupKind, number>();
  #kept = 0;
  #rows = 0;

  constructor(options: CopyOptions) {
    this.#options = options;
  }

  /** Reads and converts the groups that differ, in the order of writing. */
  async *convert(): AsyncGenerator<WritableGroup> {
    for await (const batch of inBatches(this.#wanted(), batchBounds)) {
      const [first] = batch;
      if (!first) continue;
      const ids = batch.map(({ id }) => id);
      const digests = new Map(batch.map((group) => [group.id, group]));
      const groups = await this.#options.source.readGroups(first.kind, ids);
      // An address may be a file of two people, so each group has outcomes of its own.
      const outcomes = await Promise.all(groups.map((group) => this.#copyFiles(group)));
      for (const [index, group] of groups.entries()) {
        const source = digests.get(group.id);
        if (source) yield this.#convertOne(group, source, outcomes[index] ?? noFiles);
      }
    }
  }

  async #copyFiles(group: RawGroup): Promise<GroupFiles> {
    const references = collectFiles(group, this.#options.context);
    const outcomes = await this.#options.copyFiles(references);
    const isComplete = references.every(
      ({ url }) => (outcomes.get(url)?.state ?? "failed") !== "failed",
    );
    return { outcomes, isComplete };
  }

  #convertOne(
    group: RawGroup,
    source: SourceGroup,
    { outcomes, isComplete }: GroupFiles,
  ): WritableGroup {
    const converted = convertGroup(group, this.#options.context, outcomes);
    for (const finding of converted.findings) this.#options.onFinding(finding);
    count(this.#copied, group.kind);
    this.#tell();
    // A group without one of its files is not complete: another run tries again.
    return { source: isComplete ? source : { ...source, digest: "" }, converted };
  }

  /** The groups to be copied. Those that are gone are kept for the end. */
  async *#wanted(): AsyncGenerator<SourceGroup> {
    for await (const planned of planRun(this.#groups(), ledgerOf(this.#options))) {
      if (planned.action === "delete") this.gone.push(planned.group);
      else count(this.#listed, planned.group.kind);
      if (planned.action === "copy") yield planned.group;
    }
  }

  /**
   * The source's groups. What a group's rows are made of besides its own rows is the second part of
   * its digest, after a colon.
   */
  async *#groups(): AsyncGenerator<SourceGroup> {
    const { source, context } = this.#options;
    for await (const group of source.listGroups()) {
      const others = contextDigest(group, context);
      yield others === "" ? group : { ...group, digest: `${group.digest}:${others}` };
    }
  }

  readonly noteWritten = ({ rows }: { readonly rows: number }): void => {
    this.#rows = rows;
    this.#tell();
  };

  noteKept(kept: number): void {
    this.#kept = kept;
  }

  #tell(): void {
    this.#options.onProgress({
      listed: sum(this.#listed),
      copied: sum(this.#copied),
      rows: this.#rows,
    });
  }

  totals(): CopyTotals {
    const isDeleting = this.#options.isWhole;
    const of = (kind: GroupKind): GroupTotals => ({
      listed: this.#listed.get(kind) ?? 0,
      copied: this.#copied.get(kind) ?? 0,
      deleted: isDeleting ? this.gone.filter((group) => group.kind === kind).length : 0,
    });
    const totals = {
      ...{ user: of("user"), chat: of("chat"), document: of("document"), legacy: of("legacy") },
    };
    // Only chats are kept when they are gone at the source: people have added to them here.
    return { ...totals, chat: { ...totals.chat, deleted: totals.chat.deleted - this.#kept } };
  }
}

/** What was copied before. A dry run does not make the ledger where there is none. */
async function* ledgerOf({ target, isDry }: CopyOptions): AsyncGenerator<LedgerGroup> {
  if (isDry) {
    const [table] = await target.query("content", {
      sql: "SELECT 1 FROM sqlite_schema WHERE name = 'importGroups'",
      params: [],
    });
    if (!table) return;
  }
  yield* readLedger(target);
}

function count(counts: Map<GroupKind, number>, kind: GroupKind): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function sum(counts: ReadonlyMap<GroupKind, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0);
}
