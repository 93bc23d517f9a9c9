import { setTimeout as delay } from "node:timers/promises";
import type { Inspector } from "../lib/inspector.ts";
import type { Person } from "../lib/person.ts";
import { median } from "../streams/statistics.ts";
import type { Attack, Outcomes } from "./attacks.ts";

/** How long the other user waits between two lists, and the debugger between two questions. */
const listEveryMs = 25;
const sampleEveryMs = 20;
const collectEveryMs = 200;
const wakeEveryMs = 100;

/** Lists the other user's chats again and again while an attack runs. */
export async function measureLists(
  other: Person,
  attack: Attack,
  seconds: number,
): Promise<{ times: number[]; median: number; worst: number; outcomes: Outcomes }> {
  const ending = new AbortController();
  const running = attack.run(ending.signal);
  const times: number[] = [];
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    const from = performance.now();
    await other.ask("chats.list", {});
    times.push(Math.round(performance.now() - from));
    await delay(listEveryMs);
  }
  ending.abort();
  const outcomes = await running;
  times.sort((a, b) => a - b);
  return { times, median: median(times), worst: times.at(-1) ?? Number.NaN, outcomes };
}

/**
 * Asks the isolates for their memory again and again, and keeps the most of each: with garbage, also
 * that of an earlier attack, or after each collection of garbage, which delays the isolates.
 */
export class MemoryWatch {
  readonly #inspectors: readonly Inspector[];
  readonly #wake: () => Promise<unknown>;
  #peaks = new Map<string, number>();
  #isWatching = false;
  #watching: Promise<void> | undefined;

  /**
   * @param wake a request that runs code in all isolates: V8 collects garbage in a task of its own,
   *   and the runtime runs the tasks of an isolate only while it serves a request
   */
  constructor(inspectors: readonly Inspector[], wake: () => Promise<unknown>) {
    this.#inspectors = inspectors;
    this.#wake = wake;
  }

  begin({ collects }: { readonly collects: boolean }): void {
    this.#peaks = new Map();
    this.#isWatching = true;
    this.#watching = this.#watch(collects);
  }

  async end(): Promise<{ name: string; peak: number }[]> {
    this.#isWatching = false;
    await this.#watching;
    return [...this.#peaks].map(([name, peak]) => ({ name, peak }));
  }

  close(): void {
    for (const inspector of this.#inspectors) inspector.close();
  }

  async #watch(collects: boolean): Promise<void> {
    while (this.#isWatching) {
      for (const inspector of this.#inspectors) {
        if (collects) await this.#collect(inspector);
        const used = await inspector.used();
        this.#peaks.set(inspector.name, Math.max(this.#peaks.get(inspector.name) ?? 0, used));
      }
      await delay(collects ? collectEveryMs : sampleEveryMs);
    }
  }

  async #collect(inspector: Inspector): Promise<void> {
    const waking = new AbortController();
    const wakeOn = async () => {
      while (!waking.signal.aborted) {
        await this.#wake();
        await delay(wakeEveryMs);
      }
    };
    const collected = inspector.collect().finally(() => waking.abort());
    await Promise.all([collected, wakeOn()]);
  }
}

/** Lets an attack run for some seconds. */
export async function runFor(attack: Attack, seconds: number): Promise<void> {
  const ending = new AbortController();
  const running = attack.run(ending.signal);
  await delay(seconds * 1_000);
  ending.abort();
  await running;
}
