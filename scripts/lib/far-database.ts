/**
 * Puts a distance between the API worker and its databases, as between two places on earth. This runs
 * inside the local runtime, in front of the worker's bundle (`local-runtime.ts`). It holds up what the
 * worker asks for; the databases of Durable Objects stay near.
 */

/** A line of the runtime's output: a call of a database begins or has ended. */
export const tripMark = "d1-trip";
/** A line of the runtime's output: a request has reached the worker. */
export const requestMark = "api-request";

type FetchHandler = (request: Request, env: object, context: unknown) => Promise<Response>;
interface Worker {
  readonly fetch: FetchHandler;
}

/**
 * @param worker the worker's entry
 * @param tripMs how long a call takes to reach a database and return, in milliseconds
 * @returns an entry that calls it, with databases that are so far away
 */
export function farFromDatabases<Given extends Worker>(worker: Given, tripMs: number): Given {
  const fetch: FetchHandler = (request, env, context) => {
    console.log(`${requestMark} ${new URL(request.url).pathname}`);
    return worker.fetch(request, farBindings(env, tripMs), context);
  };
  return { ...worker, fetch };
}

function farBindings(env: object, tripMs: number): object {
  const far = Object.entries(env).map(([name, value]) => [
    name,
    isDatabase(value) ? new FarDatabase(value, tripMs) : value,
  ]);
  return Object.fromEntries(far);
}

interface Statement {
  bind(...values: unknown[]): Statement;
  all(): Promise<unknown>;
}

/** What the worker calls of a D1 binding, through Kysely and `runBatch`. */
interface Database {
  prepare(sql: string): Statement;
  batch(statements: readonly Statement[]): Promise<unknown>;
}

function isDatabase(value: unknown): value is Database {
  return typeof value === "object" && value !== null && "prepare" in value && "batch" in value;
}

class FarDatabase implements Database {
  readonly #near: Database;
  readonly #tripMs: number;

  constructor(near: Database, tripMs: number) {
    this.#near = near;
    this.#tripMs = tripMs;
  }

  prepare(sql: string): Statement {
    return new FarStatement(this.#near.prepare(sql), this.#tripMs);
  }

  batch(statements: readonly Statement[]): Promise<unknown> {
    const near = statements.map((one) => (one instanceof FarStatement ? one.near : one));
    return travel(() => this.#near.batch(near), this.#tripMs);
  }
}

class FarStatement implements Statement {
  readonly near: Statement;
  readonly #tripMs: number;

  constructor(near: Statement, tripMs: number) {
    this.near = near;
    this.#tripMs = tripMs;
  }

  bind(...values: unknown[]): Statement {
    return new FarStatement(this.near.bind(...values), this.#tripMs);
  }

  all(): Promise<unknown> {
    return travel(() => this.near.all(), this.#tripMs);
  }
}

async function travel<Result>(call: () => Promise<Result>, tripMs: number): Promise<Result> {
  console.log(`${tripMark} begins`);
  try {
    await pass(tripMs / 2);
    return await call();
  } finally {
    await pass(tripMs / 2);
    console.log(`${tripMark} ends`);
  }
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
