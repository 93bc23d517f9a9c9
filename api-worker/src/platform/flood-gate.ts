import type { Clock } from "./clock.ts";

const minuteMs = 60_000;

/** What was kept out of the log in the minute before. */
export interface Dropped {
  readonly event: string;
  readonly count: number;
}

interface Counts {
  admitted: number;
  dropped: number;
  readonly byAddress: Map<string, number>;
}

/**
 * Bounds the lines that clients can cause at will, in each minute of one isolate: so many of an
 * event, and so many of an event from one address, so that one address cannot hide the others. The
 * rest is counted. What it keeps in memory is bounded by the lines that it admits.
 */
export class FloodGate {
  readonly #perEvent: number;
  readonly #perAddress: number;
  readonly #now: Clock;
  #minute = 0;
  #events = new Map<string, Counts>();

  constructor(most: { readonly perEvent: number; readonly perAddress: number }, now: Clock) {
    this.#perEvent = most.perEvent;
    this.#perAddress = most.perAddress;
    this.#now = now;
  }

  /** @returns whether a line may be written */
  admits(event: string, address: string): boolean {
    const counts = this.#events.get(event) ?? { admitted: 0, dropped: 0, byAddress: new Map() };
    this.#events.set(event, counts);
    const ofAddress = counts.byAddress.get(address) ?? 0;
    if (counts.admitted >= this.#perEvent || ofAddress >= this.#perAddress) {
      counts.dropped += 1;
      return false;
    }
    counts.admitted += 1;
    counts.byAddress.set(address, ofAddress + 1);
    return true;
  }

  /** Begins a new minute when it is time. @returns what the minute before has dropped */
  takeDropped(): Dropped[] {
    const minute = Math.floor(this.#now() / minuteMs);
    if (minute === this.#minute) return [];
    const past = this.#events;
    this.#minute = minute;
    this.#events = new Map();
    return [...past]
      .map(([event, { dropped: count }]) => ({ event, count }))
      .filter(({ count }) => count > 0);
  }
}
