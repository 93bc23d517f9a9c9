/**
 * Counts what each invocation asks of the platform, and refuses what is beyond a limit as the
 * platform does. An invocation is one request, one cron run, or one event of an object.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** What one invocation asked for. */
export interface Invocation {
  /** A request's path, a cron, or an object's class and method. */
  readonly name: string;
  /** Statements of D1; a batch counts as its statements. */
  queries: number;
  /** Everything: statements, calls of R2, KV and objects, and requests to other servers. */
  subrequests: number;
  /** Each request, in order. */
  readonly requests: string[];
}

/** What an invocation may ask for on the Free plan; docs/limits.md has the source. */
export const freePlan = 50;

const current = new AsyncLocalStorage<Invocation>();
let watched: { readonly max: number; readonly seen: Invocation[] } | null = null;

/**
 * Counts during a call. Code of an invocation that began before is not counted.
 *
 * @param max requests of one invocation: one more fails, as on the platform
 * @returns the invocations, in the order of their beginnings
 */
export async function countInvocations(
  call: () => Promise<unknown>,
  max: number = freePlan,
): Promise<Invocation[]> {
  const seen: Invocation[] = [];
  const realFetch = globalThis.fetch;
  watched = { max, seen };
  globalThis.fetch = (...args) => ask("fetch", "fetch", () => realFetch(...args));
  try {
    await call();
  } finally {
    watched = null;
    globalThis.fetch = realFetch;
  }
  return seen;
}

/** The invocation that asked for the most. */
export function largest(invocations: readonly Invocation[]): Invocation {
  const [first, ...rest] = invocations;
  if (!first) throw new Error("Nothing was counted.");
  return rest.reduce((most, one) => (one.subrequests > most.subrequests ? one : most), first);
}

/** Runs a handler as an invocation. */
export function asInvocation<T>(name: string, run: () => T): T {
  if (!watched) return run();
  const invocation: Invocation = { name, queries: 0, subrequests: 0, requests: [] };
  watched.seen.push(invocation);
  return current.run(invocation, run);
}

type Kind = "d1" | "fetch";

async function ask<T>(
  kind: Kind,
  detail: string,
  run: () => Promise<T> | T,
  count = 1,
): Promise<T> {
  const invocation = current.getStore();
  if (!watched || !invocation) return run();
  invocation.requests.push(detail);
  if (kind === "d1") invocation.queries += count;
  invocation.subrequests += count;
  if (invocation.subrequests > watched.max) {
    throw new Error(
      kind === "d1"
        ? "D1_ERROR: Too many API requests by single Worker invocation."
        : "Too many subrequests by single Worker invocation.",
    );
  }
  return run();
}

/** The bindings, which count while a test counts. */
export function countedEnv<E extends object>(env: E): E {
  return new Proxy(env, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (!watched || typeof value !== "object" || value === null) return value;
      const binding = String(name);
      if ("prepare" in value) return countedD1(value as D1Database);
      if ("idFromName" in value) return countedObjects(binding, value as Objects);
      if ("resumeMultipartUpload" in value) return countedR2(value as R2Bucket);
      if ("getWithMetadata" in value) return countedCalls(binding, value, kvCalls);
      return value;
    },
  });
}

type Objects = DurableObjectNamespace<undefined>;
type Method = (...args: unknown[]) => unknown;

const kvCalls = ["get", "getWithMetadata", "put", "delete", "list"];
const r2Calls = ["get", "head", "put", "delete", "list"];
const partCalls = ["uploadPart", "complete", "abort"];

/** The statement, and its SQL, of each statement that was made here. */
const statements = new WeakMap<object, { real: D1PreparedStatement; sql: string }>();

function countedD1(db: D1Database): D1Database {
  const wrap = (sql: string, real: D1PreparedStatement): D1PreparedStatement => {
    const statement = new Proxy(real, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        const call = (args: unknown[]) => Reflect.apply(method, target, args);
        if (name === "bind") return (...args: unknown[]) => wrap(sql, call(args));
        return (...args: unknown[]) => ask("d1", sql, () => call(args));
      },
    });
    statements.set(statement, { real, sql });
    return statement;
  };
  return new Proxy(db, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(sql, target.prepare(sql));
      if (name === "batch") {
        return (batch: D1PreparedStatement[]) => {
          const known = batch.map((one) => statements.get(one) ?? { real: one, sql: "?" });
          const sql = known.map((one) => one.sql).join("\n");
          return ask("d1", sql, () => target.batch(known.map(({ real }) => real)), known.length);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Counts the calls of these methods. All others are the binding's own. */
function countedCalls<T extends object>(binding: string, of: T, names: readonly string[]): T {
  return new Proxy(of, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const method: Method = (...args) => Reflect.apply(value, target, args);
      if (!names.includes(String(name))) return method;
      return (...args: unknown[]) =>
        ask("fetch", `${binding}.${String(name)}`, () => method(...args));
    },
  });
}

function countedR2(bucket: R2Bucket): R2Bucket {
  const inParts = (upload: R2MultipartUpload) => countedCalls("R2", upload, partCalls);
  return new Proxy(countedCalls("R2", bucket, r2Calls), {
    get(target, name) {
      if (name === "createMultipartUpload") {
        return (...args: Parameters<R2Bucket["createMultipartUpload"]>) =>
          ask("fetch", "R2.createMultipartUpload", async () =>
            inParts(await bucket.createMultipartUpload(...args)),
          );
      }
      if (name === "resumeMultipartUpload") {
        return (...args: Parameters<R2Bucket["resumeMultipartUpload"]>) =>
          inParts(bucket.resumeMultipartUpload(...args));
      }
      return Reflect.get(target, name);
    },
  });
}

function countedObjects(binding: string, namespace: Objects): Objects {
  return new Proxy(namespace, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const method: Method = (...args) => Reflect.apply(value, target, args);
      if (name !== "get" && name !== "getByName") return method;
      return (...args: unknown[]) => countedStub(binding, method(...args) as object);
    },
  });
}

function countedStub<T extends object>(binding: string, stub: T): T {
  return new Proxy(stub, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function" || typeof name !== "string") return value;
      // Applied, because `bind` on a stub's method would be a call to the object too.
      return (...args: unknown[]) =>
        ask("fetch", `${binding}.${name}`, () => Reflect.apply(value, target, args));
    },
  });
}

/** Lets each event of an object's class, and of those that it extends, be an invocation. */
export function countEvents(of: { readonly prototype: object }, className: string): void {
  const own = of.prototype;
  let from: object | null = Object.getPrototypeOf(own);
  const done = new Set<string>(["constructor", ...Object.getOwnPropertyNames(own)]);
  while (from && Object.getPrototypeOf(from) !== Object.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      if (done.has(name) || typeof value !== "function") continue;
      done.add(name);
      const event = function (this: unknown, ...args: unknown[]) {
        return asInvocation(`${className}.${name}`, () => Reflect.apply(value, this, args));
      };
      Object.defineProperty(own, name, { value: event, configurable: true, writable: true });
    }
    from = Object.getPrototypeOf(from);
  }
}
