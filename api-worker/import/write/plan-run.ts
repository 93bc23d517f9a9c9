import { type GroupKey, type GroupKind, groupKinds, type SourceGroup } from "../model.ts";
import type { LedgerGroup } from "./ledger.ts";

/** What a run does with a group. */
export type PlannedGroup =
  | { readonly action: "copy"; readonly group: SourceGroup }
  /** The target has it as it is. */
  | { readonly action: "leave"; readonly group: SourceGroup }
  /** The source has it no more. */
  | { readonly action: "delete"; readonly group: GroupKey };

/**
 * Compares the source with the ledger. Both are read side by side, so that the memory does not grow
 * with their number; of `legacy`, whose ids have no common order, the ledger's groups are kept.
 *
 * @param source kinds in the order of writing, the ids of each in ascending order
 * @param ledger likewise
 * @throws Error when one of the two is not in order
 */
export async function* planRun(
  source: AsyncIterable<SourceGroup>,
  ledger: AsyncIterable<LedgerGroup>,
): AsyncGenerator<PlannedGroup> {
  const wanted = new Reader(source, "The source");
  const known = new Reader(ledger, "The ledger");
  try {
    for (const kind of groupKinds) {
      if (kind === "legacy") yield* planLegacy(wanted, known);
      else yield* planSorted(kind, wanted, known);
    }
    await wanted.expectEnd();
    await known.expectEnd();
  } finally {
    await wanted.close();
    await known.close();
  }
}

async function* planSorted(
  kind: GroupKind,
  wanted: Reader<SourceGroup>,
  known: Reader<LedgerGroup>,
): AsyncGenerator<PlannedGroup> {
  for (;;) {
    const group = await wanted.peek(kind);
    const old = await known.peek(kind);
    if (old && (!group || old.id < group.id)) {
      known.take();
      yield { action: "delete", group: { kind, id: old.id } };
    } else if (group) {
      wanted.take();
      const isSame = old?.id === group.id && old.digest === group.digest;
      if (old?.id === group.id) known.take();
      yield { action: isSame ? "leave" : "copy", group };
    } else return;
  }
}

async function* planLegacy(
  wanted: Reader<SourceGroup>,
  known: Reader<LedgerGroup>,
): AsyncGenerator<PlannedGroup> {
  const digests = new Map<string, string>();
  for (let old = await known.peek("legacy"); old; old = await known.peek("legacy")) {
    digests.set(old.id, old.digest);
    known.take();
  }
  for (let group = await wanted.peek("legacy"); group; group = await wanted.peek("legacy")) {
    wanted.take();
    yield { action: digests.get(group.id) === group.digest ? "leave" : "copy", group };
    digests.delete(group.id);
  }
  for (const id of digests.keys()) yield { action: "delete", group: { kind: "legacy", id } };
}

/** Reads groups one at a time, and looks at the next one. */
class Reader<Group extends GroupKey> {
  readonly #iterator: AsyncIterator<Group>;
  readonly #name: string;
  #next: Group | null | undefined;
  #last: GroupKey | undefined;

  constructor(groups: AsyncIterable<Group>, name: string) {
    this.#iterator = groups[Symbol.asyncIterator]();
    this.#name = name;
  }

  /** @returns the next group; undefined when it is of another kind, or there is none */
  async peek(kind: GroupKind): Promise<Group | undefined> {
    if (this.#next === undefined) {
      const step = await this.#iterator.next();
      this.#next = step.done ? null : step.value;
    }
    const next = this.#next;
    if (next?.kind !== kind) return undefined;
    const isAfter = this.#last?.kind !== kind || kind === "legacy" || this.#last.id < next.id;
    if (!isAfter) throw this.#disorder(next);
    return next;
  }

  take(): void {
    if (this.#next) this.#last = this.#next;
    this.#next = undefined;
  }

  /** @throws Error for a group that is left: its kind came too late */
  async expectEnd(): Promise<void> {
    if (this.#next === undefined) {
      const step = await this.#iterator.next();
      this.#next = step.done ? null : step.value;
    }
    if (this.#next) throw this.#disorder(this.#next);
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  #disorder({ kind, id }: GroupKey): Error {
    return new Error(`${this.#name} lists groups out of order: ${kind} ${id}.`);
  }
}
