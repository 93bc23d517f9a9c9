/**
 * The product's worker, which counts what the platform would bill. Objects, worker and bindings of
 * a local runtime share one isolate, so that counts of all are in one place.
 */
import product, * as objects from "../../../api-worker/src/index.ts";
import { type Counts, noCounts } from "../counts.ts";

const counts: Counts = noCounts();
/** After this long a statement has been read to its end. */
const readMs = 50;
/** Added to the clock, so that an alarm finds the grace period of logs over. */
let clockOffsetMs = 0;
const readClock = Date.now;
Date.now = () => readClock() + clockOffsetMs;
/** Longer than the grace period. */
const laterMs = 11 * 60_000;
const chatIds = new Set<string>();

type Method = (this: unknown, ...args: unknown[]) => unknown;

const watched = new WeakSet<object>();

/** Lets `see` see the result of each call of a method. */
function watch(of: object, name: string, see: (result: unknown, args: unknown[]) => void): void {
  const prototype = Object.getPrototypeOf(of) as Record<string, Method | undefined>;
  const method = prototype[name];
  if (!method || watched.has(method)) return;
  const watching: Method = function (...args) {
    const result = method.apply(this, args);
    if (result instanceof Promise) {
      result.then(
        (value) => see(value, args),
        () => undefined,
      );
    } else see(result, args);
    return result;
  };
  watched.add(watching);
  prototype[name] = watching;
}

function watchStorage(storage: DurableObjectStorage): void {
  watch(storage.sql, "exec", (cursor) => {
    const run = cursor as SqlStorageCursor<never>;
    counts.objectRowsWritten += run.rowsWritten;
    // A cursor has read its rows only when it was iterated, which comes later. It can be asked only
    // by its own object, and while that lives.
    setTimeout(() => {
      counts.objectRowsRead += run.rowsRead;
    }, readMs);
  });
  watch(storage, "setAlarm", () => {
    counts.objectRowsWritten += 1;
  });
}

interface D1Meta {
  readonly meta: { readonly rows_read: number; readonly rows_written: number };
}

function watchBindings(env: Env): void {
  const see = ({ meta }: D1Meta) => {
    counts.d1RowsRead += meta.rows_read;
    counts.d1RowsWritten += meta.rows_written;
  };
  for (const name of ["all", "run"]) {
    watch(env.HOME.prepare("SELECT 1"), name, (result) => see(result as D1Meta));
  }
  watch(env.HOME, "batch", (results) => (results as D1Meta[]).forEach(see));
  for (const name of ["get", "getWithMetadata"]) {
    watch(env.STREAMS, name, () => {
      counts.kvReads += 1;
    });
  }
  watch(env.STREAMS, "put", () => {
    counts.kvWrites += 1;
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the parameters of a mixin's class
type ObjectClass = new (...args: any[]) => object;

/** The class, whose objects count their rows, and the calls that others make. */
function counted<Class extends ObjectClass>(ProductObject: Class): Class {
  class Counted extends ProductObject {
    // biome-ignore lint/suspicious/noExplicitAny: the parameters of a mixin's class
    constructor(...args: any[]) {
      const [ctx, env] = args as [DurableObjectState, Env];
      watchStorage(ctx.storage);
      watchBindings(env);
      if (ProductObject === (objects.ChatObject as ObjectClass)) chatIds.add(ctx.id.toString());
      super(...args);
    }
  }
  for (const name of Object.getOwnPropertyNames(ProductObject.prototype)) {
    const method = (ProductObject.prototype as Record<string, unknown>)[name];
    if (name === "constructor" || typeof method !== "function") continue;
    (Counted.prototype as Record<string, unknown>)[name] = function (...args: unknown[]) {
      counts.objectRequests += 1;
      return Reflect.apply(method, this, args);
    };
  }
  return Counted;
}

export class ChatObject extends counted(objects.ChatObject) {
  /** Runs the alarm that deletes delivered logs, as it would run after the grace period. */
  async forget(): Promise<void> {
    clockOffsetMs = laterMs;
    try {
      await this.alarm();
    } finally {
      clockOffsetMs = 0;
    }
  }
}
export class UserObject extends counted(objects.UserObject) {}
export class SearchObject extends counted(objects.SearchObject) {}
export class SignInObject extends counted(objects.SignInObject) {}
export class GuestBudgetObject extends counted(objects.GuestBudgetObject) {}
export class SiteBudgetObject extends counted(objects.SiteBudgetObject) {}
export class OpenStreamObject extends counted(objects.OpenStreamObject) {}
export class PdfObject extends counted(objects.PdfObject) {}
export class JobObject extends counted(objects.JobObject) {}

// A class of the product that is missing above is an error of its type here.
({
  ChatObject,
  UserObject,
  SearchObject,
  SignInObject,
  GuestBudgetObject,
  SiteBudgetObject,
  OpenStreamObject,
  PdfObject,
  JobObject,
}) satisfies Record<Exclude<keyof typeof objects, "default">, ObjectClass>;

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/trpc/bench.counts") return Response.json(counts);
    if (pathname === "/trpc/bench.forget") {
      for (const id of chatIds) {
        const stub = env.CHAT.get(env.CHAT.idFromString(id));
        await (stub as unknown as { forget(): Promise<void> }).forget();
      }
      return Response.json(null);
    }
    watchBindings(env);
    counts.requests += 1;
    return product.fetch(request, env);
  },
  scheduled: (controller, env) => product.scheduled(controller, env),
} satisfies ExportedHandler<Env>;
