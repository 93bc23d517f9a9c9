/**
 * What one invocation still asks of the platform. The Free plan allows 50 requests: statements of
 * D1, calls of objects, R2 and KV, and requests to other servers (docs/limits.md). Work that grows
 * with the data takes its requests from a budget, and ends in good order when the budget is spent.
 */
export class RequestBudget {
  #left: number;

  /** @param total less than 50, because an invocation also asks for what is not counted here */
  constructor(total = 45) {
    this.#left = total;
  }

  get left(): number {
    return this.#left;
  }

  /** @returns false, without taking anything, when fewer are left */
  take(count: number): boolean {
    if (count > this.#left) return false;
    this.#left -= count;
    return true;
  }
}
