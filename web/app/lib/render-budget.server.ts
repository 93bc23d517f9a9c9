import { addressKey } from "api-worker/contracts/client-address";
import { TokenBuckets } from "api-worker/contracts/token-buckets";
import { createContext } from "react-router";
import { servedMax } from "./render-budget.ts";

/**
 * What one address may have rendered within a minute in an isolate, in characters of prose: ten of
 * the costliest pages, or about a hundred usual ones. Later pages arrive as plain text, which the
 * browser renders.
 */
export const renderedPerMinute = 1_500_000;

/** Budgets that refill steadily, by key. @param now the time in ms */
export function createRenderBudgets(now: () => number): TokenBuckets {
  return new TokenBuckets({ burst: renderedPerMinute, perSecond: renderedPerMinute / 60 }, now);
}

const budgets = createRenderBudgets(() => Date.now());

/**
 * What one page may render. It is taken from the budget before the page's data is loaded, because
 * many pages of one address may be loaded at once.
 */
export class PageBudget {
  readonly #budgets: TokenBuckets;
  readonly #key: string;
  #reserved = 0;
  #rendered = 0;

  constructor(budgets: TokenBuckets, key: string) {
    this.#budgets = budgets;
    this.#key = key;
  }

  /** Takes what the costliest page needs, or what is left. @returns how much that is */
  reserve(): number {
    const most = Math.min(servedMax, this.#budgets.left(this.#key));
    this.#budgets.spend(this.#key, most);
    this.#reserved += most;
    return most;
  }

  /** Takes note of what the page has rendered. */
  spend(cost: number): void {
    this.#rendered += cost;
  }

  /**
   * Gives back what was reserved and not rendered, when the page is rendered or has failed. The
   * budget of a request that is cancelled before refills by itself.
   */
  settle(): void {
    if (this.#rendered === this.#reserved) return;
    this.#budgets.spend(this.#key, this.#rendered - this.#reserved);
  }
}

/** The budget of a request's page. The default is for requests that no middleware has seen. */
export const pageBudgetContext = createContext<Pick<PageBudget, "reserve" | "spend">>({
  reserve: () => 0,
  spend: () => {},
});

/** The budget of a page that is requested, from that of the request's address. */
export function pageBudgetOf(request: Request): PageBudget {
  return new PageBudget(budgets, addressKey(request.headers.get("cf-connecting-ip") ?? "local"));
}
