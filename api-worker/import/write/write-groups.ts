import type { ConvertedGroup, Finding, SourceGroup, Target } from "../model.ts";
import { runSteps } from "./batches.ts";
import { type EncodedRow, encodeRows, parameterMaxBytes } from "./encode-rows.ts";
import { GroupState } from "./group-state.ts";
import { groupName, isLedgerEmpty, type KnownRows, readKnownRows } from "./ledger.ts";
import { listEditedHere, listKeptMessages } from "./made-here.ts";
import { SearchNotes } from "./search-notes.ts";
import { TableKeys } from "./table-facts.ts";
import { beginSteps, finishSteps, ledgerSteps, rowSteps } from "./write-steps.ts";

/** A group to write, with the digest that the ledger keeps of it. */
export interface WritableGroup {
  readonly source: SourceGroup;
  readonly converted: ConvertedGroup;
}

export interface WriteOptions {
  /** Gets what the operator should know: rows that people made here and that are in the way. */
  readonly onFinding?: (finding: Finding) => void;
  /** Called after each batch, with what it wrote. */
  readonly onProgress?: (written: WriteTotals) => void;
  /** Bytes of the rows of one batch, in JSON; at most what D1 takes as one parameter. */
  readonly batchMaxBytes?: number;
  /** Ends the writing after the batch that is under way. */
  readonly signal?: AbortSignal;
}

export interface WriteTotals {
  readonly groups: number;
  readonly rows: number;
  /** Of JSON. */
  readonly bytes: number;
}

/** Groups of one batch. */
const groupsPerBatch = 200;

/**
 * Writes groups, in the order in which they come. Many small ones are one batch; a large one takes
 * several, the last of which says in the ledger that it is complete. While a batch is being written,
 * the next groups are taken and encoded.
 *
 * @returns what was written
 * @throws what the target throws; everything up to the last batch is written then, and a second run
 *   goes on from there
 */
export async function writeGroups(
  target: Target,
  groups: AsyncIterable<WritableGroup>,
  options: WriteOptions = {},
): Promise<WriteTotals> {
  const isFirst = await isLedgerEmpty(target);
  const batchMaxBytes = Math.min(options.batchMaxBytes ?? parameterMaxBytes, parameterMaxBytes);
  const writer = new GroupWriter(target, isFirst, { ...options, batchMaxBytes });
  const pending = new OneAtATime();
  let pack: EncodedGroup[] = [];
  const flush = async () => {
    const full = pack;
    pack = [];
    if (full.length === 0) return;
    // Groups are written once in a run, so what the ledger has of these is read during the write before.
    const begun = writer.begin(full);
    begun.catch(() => undefined);
    await pending.run(async () => writer.writeSmall(await begun));
  };
  try {
    for await (const { source, converted } of groups) {
      options.signal?.throwIfAborted();
      const rows = encodeRows(converted);
      const head = takeRows(rows, batchMaxBytes);
      const group = { group: converted, digest: source.digest, ...head };
      if (!head.isWhole) {
        await flush();
        await pending.run(() => writer.writeLarge(group, rows));
        // Its rows are still being read.
        await pending.settled();
        continue;
      }
      const bytes = pack.reduce((sum, one) => sum + one.bytes, 0);
      if (bytes + head.bytes > batchMaxBytes || pack.length >= groupsPerBatch) await flush();
      pack.push(group);
    }
    await flush();
  } finally {
    await pending.settled();
  }
  return writer.totals;
}

interface EncodedGroup {
  readonly group: ConvertedGroup;
  readonly digest: string;
  readonly rows: readonly EncodedRow[];
  readonly bytes: number;
}

/** A group with what the ledger has of it. */
interface BegunGroup extends EncodedGroup {
  readonly state: GroupState;
}

interface Chunk extends Pick<EncodedGroup, "rows" | "bytes"> {
  /** Whether it is the last one. */
  readonly isWhole: boolean;
}

/** Takes rows up to about a number of bytes; at least one. */
function takeRows(rows: Iterator<EncodedRow>, maxBytes: number): Chunk {
  const taken: EncodedRow[] = [];
  let bytes = 0;
  while (bytes < maxBytes) {
    const { done, value } = rows.next();
    if (done) return { rows: taken, bytes, isWhole: true };
    taken.push(value);
    bytes += value.bytes;
  }
  return { rows: taken, bytes, isWhole: false };
}

/** Runs one task after another, the next of which can be prepared meanwhile. */
class OneAtATime {
  #last: Promise<void> = Promise.resolve();

  /** Waits for the task before, and begins this one. @throws what the one before has thrown */
  async run(task: () => Promise<void>): Promise<void> {
    await this.#last;
    this.#last = task();
    // Its failure is thrown to the next caller; until then it is no unhandled one.
    this.#last.catch(() => undefined);
  }

  settled(): Promise<void> {
    const last = this.#last;
    this.#last = Promise.resolve();
    return last;
  }
}

class GroupWriter {
  readonly #target: Target;
  readonly #isFirst: boolean;
  readonly #options: WriteOptions & { readonly batchMaxBytes: number };
  readonly #notes: SearchNotes;
  readonly #keys: TableKeys;
  #totals: WriteTotals = { groups: 0, rows: 0, bytes: 0 };

  constructor(
    target: Target,
    isFirst: boolean,
    options: WriteOptions & { readonly batchMaxBytes: number },
  ) {
    this.#target = target;
    this.#isFirst = isFirst;
    this.#options = options;
    this.#notes = new SearchNotes(isFirst);
    this.#keys = new TableKeys(target);
  }

  get totals(): WriteTotals {
    return this.#totals;
  }

  /** Writes whole groups in one batch. */
  async writeSmall(begun: readonly BegunGroup[]): Promise<void> {
    const states = begun.map(({ state }) => state);
    if (states.length === 0) return;
    const entries = begun.flatMap(({ state, rows }) => state.addRows(rows));
    const isKnown = states.some(({ facts }) => facts.known);
    const rows = begun.flatMap((one) => one.rows);
    const { steps, findings } = await rowSteps(this.#target, this.#keys, rows, isKnown);
    const finish = await finishSteps(this.#keys, states, this.#notes);
    await runSteps(this.#target, [...ledgerSteps(entries), ...steps, ...finish]);
    await this.#report(states, findings);
    this.#count(states.length, begun);
  }

  /** Writes a group in several batches. @param more the rows after those in `group` */
  async writeLarge(group: EncodedGroup, more: Iterator<EncodedRow>): Promise<void> {
    const [begun] = await this.begin([group]);
    if (!begun) return;
    const { state } = begun;
    const isKnown = state.facts.known !== undefined;
    let chunk: Chunk = { ...group, isWhole: false };
    let begin = beginSteps(state);
    for (;;) {
      const entries = state.addRows(chunk.rows);
      const { steps, findings } = await rowSteps(this.#target, this.#keys, chunk.rows, isKnown);
      const finish = chunk.isWhole ? await finishSteps(this.#keys, [state], this.#notes) : [];
      await runSteps(this.#target, [...begin, ...ledgerSteps(entries), ...steps, ...finish]);
      for (const finding of findings) this.#options.onFinding?.(finding);
      this.#count(chunk.isWhole ? 1 : 0, [chunk]);
      if (chunk.isWhole) break;
      this.#options.signal?.throwIfAborted();
      begin = [];
      chunk = takeRows(more, this.#options.batchMaxBytes);
    }
    await this.#report([state], []);
  }

  /** Reads what the ledger has of groups, and leaves out those that must not be written. */
  async begin(groups: readonly EncodedGroup[]): Promise<readonly BegunGroup[]> {
    const known = this.#isFirst
      ? new Map<string, KnownRows>()
      : await readKnownRows(
          this.#target,
          groups.map(({ group }) => group),
        );
    const documents = groups
      .map(({ group }) => group)
      .filter((group) => group.kind === "document" && known.has(groupName(group)));
    const findings = await listEditedHere(this.#target, documents, known);
    for (const finding of findings) this.#options.onFinding?.(finding);
    const edited = new Set(findings.map(({ id }) => groupName({ kind: "document", id })));
    return groups
      .filter(({ group }) => !edited.has(groupName(group)))
      .map((one) => {
        const { kind, id, userId } = one.group;
        const facts = {
          kind,
          id,
          userId,
          digest: one.digest,
          known: known.get(groupName(one.group)),
        };
        return { ...one, state: new GroupState(facts) };
      });
  }

  /** Reports what was found, and what could not be deleted. */
  async #report(states: readonly GroupState[], findings: readonly Finding[]): Promise<void> {
    const gone = states.flatMap((state) => state.removedKeys().get("messages") ?? []);
    const kept = await listKeptMessages(this.#target, gone);
    for (const finding of [...findings, ...kept]) this.#options.onFinding?.(finding);
  }

  #count(groups: number, written: readonly Pick<EncodedGroup, "rows" | "bytes">[]): void {
    this.#totals = {
      groups: this.#totals.groups + groups,
      rows: written.reduce((sum, { rows }) => sum + rows.length, this.#totals.rows),
      bytes: written.reduce((sum, { bytes }) => sum + bytes, this.#totals.bytes),
    };
    this.#options.onProgress?.(this.#totals);
  }
}
