import { addressKey } from "api-worker/contracts/client-address";

/**
 * What one address may have rendered within a minute in an isolate, in characters of prose: ten of
 * the costliest pages, or about a hundred usual ones. Later pages arrive as plain text, which the
 * browser renders.
 */
export const renderedPerMinute = 1_500_000;
const minuteMs = 60_000;
/** Addresses that are remembered. */
const addressesMax = 5_000;

/** Budgets that refill steadily, by key. */
export class RenderBudgets {
  readonly #now: () => number;
  /** What is spent and not refilled yet, with the time at which that was so. */
  readonly #spent = new Map<string, { readonly spent: number; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns what is left of a budget; never less than 0 */
  left(key: string): number {
    return Math.max(0, renderedPerMinute - this.#spentOf(key));
  }

  /** Takes from a budget, more than is left if need be. */
  spend(key: string, cost: number): void {
    const spent = this.#spentOf(key) + cost;
    // The last one that has spent is the last in the map.
    this.#spent.delete(key);
    this.#spent.set(key, { spent, at: this.#now() });
    if (this.#spent.size <= addressesMax) return;
    const [oldest] = this.#spent.keys();
    if (oldest !== undefined) this.#spent.delete(oldest);
  }

  #spentOf(key: string): number {
    const entry = this.#spent.get(key);
    if (!entry) return 0;
    const refilled = ((this.#now() - entry.at) / minuteMs) * renderedPerMinute;
    return Math.max(0, entry.spent - refilled);
  }
}

const budgets = new RenderBudgets(Date.now);

/** The budget of a request's address. */
export function renderBudgetOf(request: Request): {
  left(): number;
  spend(cost: number): void;
} {
  const key = addressKey(request.headers.get("cf-connecting-ip") ?? "local");
  return { left: () => budgets.left(key), spend: (cost) => budgets.spend(key, cost) };
}
