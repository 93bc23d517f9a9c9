/** Counts the rows that objects read and write, which is what their storage costs. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "../src/platform/ids.ts";

export interface RowCount {
  written: number;
  /** By statement. */
  readonly writtenBy: Map<string, number>;
}

let current: RowCount | null = null;

/** Objects and tests share their isolate, so that one change of the runtime's class sees all. */
export async function watchRows(): Promise<void> {
  const stub = env.CHAT.get(env.CHAT.idFromName(newId()));
  await runInDurableObject(stub, (_, { storage }) => {
    watch(Object.getPrototypeOf(storage.sql), "exec", (cursor, [statement]) => {
      const { rowsWritten } = cursor as SqlStorageCursor<never>;
      if (!current || rowsWritten === 0) return;
      const text = String(statement).replace(/\s+/g, " ");
      current.written += rowsWritten;
      current.writtenBy.set(text, (current.writtenBy.get(text) ?? 0) + rowsWritten);
    });
  });
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

const watched = new WeakSet<object>();

function watch(prototype: Methods, name: string, see: (result: unknown, args: unknown[]) => void) {
  const method = prototype[name];
  if (!method || watched.has(method)) return;
  const watching = function (this: unknown, ...args: unknown[]) {
    const result = method.apply(this, args);
    see(result, args);
    return result;
  };
  watched.add(watching);
  prototype[name] = watching;
}

function begin(): RowCount {
  current = { written: 0, writtenBy: new Map() };
  return current;
}

/** Counts the rows of a synchronous run, on this file's {@link watchRows}. */
export function countRows(run: () => void): RowCount {
  const count = begin();
  try {
    run();
  } finally {
    current = null;
  }
  return count;
}

/** Counts from now on. @returns the count so far, and a function that ends it */
export function startCounting(): { readonly count: RowCount; readonly stop: () => void } {
  const count = begin();
  return {
    count,
    stop: () => {
      if (current === count) current = null;
    },
  };
}
