/**
 * Makes the dependencies of a chat object fail or die at a chosen step: D1, KV, R2, the budget of the
 * site, and its own disk. Also provides the scripted model for questions that are scripts, and a tool that writes
 * drafts.
 */
import { env as testEnv } from "cloudflare:workers";
import { resolveModel } from "../src/ai/models.ts";
import { createTools } from "../src/ai/tools/registry.ts";
import { turnCountOf } from "../src/features/limits/day-limits.ts";
import { createDocumentPorts } from "../src/features/messages/object/answer/turn-documents.ts";
import type { ChatTurnsDeps } from "../src/features/messages/object/chat-turns.ts";
import { TurnArchive } from "../src/features/messages/turn/turn-archive.ts";
import { openContentOf, type SearchDeps } from "../src/features/search/object/search.do.ts";
import { chatObject } from "../src/platform/chat-object.ts";
import { contentFor } from "../src/platform/content.ts";
import { createLogger } from "../src/platform/log.ts";
import { servicesOf } from "../src/platform/outbound.ts";
import { searchObject } from "../src/platform/search-object.ts";
import { type SettingsEnv, settingsOf } from "../src/platform/settings.ts";
import { createDraftTool } from "./draft-tool.ts";
import { scriptedOr } from "./scripted-model.ts";

/**
 * A step of an object. `d1` has its SQL, with the statements of a batch as lines, and their number; `kv`, `r2` and
 * `budget` have the name of the method; the disk's steps have nothing.
 */
export type Step = "d1" | "kv" | "r2" | "budget" | "sync" | "transaction";

/**
 * The fault. `fail`: the step is refused. `fail-after`: it is done, and its result is lost. `crash`
 * and `crash-after`: the object dies before or after it.
 */
export type Fate = "fail" | "fail-after" | "crash" | "crash-after" | undefined;

export interface Faults {
  /** A promise that each step waits for. */
  readonly before?: (step: Step, detail: string) => Promise<void> | undefined;
  /** Called before each step. */
  readonly decide?: (step: Step, detail: string, queries: number) => Fate;
  /** Limits of an answer in place of the deployment's, for an object that does not exist yet. */
  readonly limits?: Partial<ChatTurnsDeps["limits"]>;
  /** Settings of the provider in place of the deployment's. */
  readonly ai?: SettingsEnv;
  /** Logs that are longer go to R2. */
  readonly kvMaxBytes?: number;
}

interface ChatKey {
  readonly userId: string;
  readonly chatId: string;
}

/** By object id: tests and objects run in one isolate. */
const faultsById = new Map<string, Faults>();

/** Injects faults into a chat's object from now on, in every instance; undefined removes them. */
export function setFaults(chat: ChatKey, faults: Faults | undefined): void {
  const id = chatObject(testEnv, chat).id.toString();
  if (faults) faultsById.set(id, faults);
  else faultsById.delete(id);
}

/** Injects faults into a user's search object from now on; undefined removes them. */
export function setSearchFaults(userId: string, faults: Faults | undefined): void {
  const id = searchObject(testEnv, userId).id.toString();
  if (faults) faultsById.set(id, faults);
  else faultsById.delete(id);
}

const deathsById = new Map<string, number>();

/** How often a chat's object has died of injected faults. */
export function deathsOf(chat: ChatKey): number {
  return deathsById.get(chatObject(testEnv, chat).id.toString()) ?? 0;
}

/** The message of injected errors. */
export const faultMessage = "This was made to fail.";

/** The dependencies of a chat object in place of the platform's. */
export function faultyDeps(
  ctx: DurableObjectState,
  env: Env,
): Pick<ChatTurnsDeps, "resolveModel" | "toolsFor"> & Partial<ChatTurnsDeps> {
  const { faults, take, die } = takerFor(ctx);
  const storage = ctx.storage;
  const archive = () =>
    new TurnArchive(
      { STREAMS: faultyKv(env.STREAMS, take), FILES: faultyR2(env.FILES, take) },
      faults()?.kvMaxBytes,
    );
  const content = (owner: { readonly contentShard: number }) =>
    contentFor(withMethods(env, { CONTENT_0: faultyD1(env.CONTENT_0, take) }), owner);
  return {
    storage: {
      sync: () => take("sync", "", () => storage.sync()),
      transactionSync: (closure) => {
        const fate = faults()?.decide?.("transaction", "", 0);
        if (fate === "fail") throw new Error(faultMessage);
        const result = storage.transactionSync(closure);
        if (fate === "crash" || fate === "crash-after") void storage.sync().then(die);
        return result;
      },
      setAlarm: (time) => storage.setAlarm(time),
      deleteAll: () => storage.deleteAll(),
    },
    contentFor: content,
    turnCount: turnCountOf(withMethods(env, { SITE_BUDGET: faultyBudget(env.SITE_BUDGET, take) })),
    archive: {
      put: (turn, log) => archive().put(turn, log),
      delete: (streamId, place) => archive().delete(streamId, place),
    },
    toolsFor: (turn, ports) => ({
      ...createTools(servicesOf(env), {
        ...ports,
        documents: createDocumentPorts(env, content(turn), turn, createLogger()),
      }),
      ...createDraftTool(turn, ports.emit),
    }),
    resolveModel: (modelId) =>
      scriptedOr(resolveModel(servicesOf(faults()?.ai ?? env).ai, modelId)),
    limits: { ...settingsOf(env).answer, ...faults()?.limits },
  };
}

/** Lets each step of an object meet the faults that are injected into it. */
function takerFor(ctx: DurableObjectState) {
  const id = ctx.id.toString();
  const faults = () => faultsById.get(id);

  async function take<T>(
    step: Step,
    detail: string,
    run: () => Promise<T>,
    queries = 1,
  ): Promise<T> {
    await faults()?.before?.(step, detail);
    const fate = faults()?.decide?.(step, detail, queries);
    if (fate === "fail") throw new Error(faultMessage);
    if (fate === "crash") return die();
    const result = await run();
    if (fate === "fail-after") throw new Error(faultMessage);
    if (fate === "crash-after") return die();
    return result;
  }

  function die(): Promise<never> {
    deathsById.set(id, (deathsById.get(id) ?? 0) + 1);
    ctx.abort("crash");
    // Nothing that the dead object was about to do is done.
    return new Promise(() => undefined);
  }
  return { faults, take, die };
}

/** The dependencies of a search object in place of the platform's. */
export function faultySearchDeps(ctx: DurableObjectState, env: Env): Partial<SearchDeps> {
  const { take } = takerFor(ctx);
  const faultyEnv = withMethods(env, { CONTENT_0: faultyD1(env.CONTENT_0, take) });
  return { openContent: (userId) => openContentOf(faultyEnv, userId) };
}

/** The step at which a worker dies, and whether that step is still done. */
export interface Death {
  readonly at: (step: Step, detail: string, queries: number) => boolean;
  readonly isAfter: boolean;
  /** The worker lives on: only this step is not done, or its result is lost. */
  readonly isSurvived?: boolean;
}

let death: Death | undefined;
let isDead = false;

/**
 * Lets the worker die at a step, as if its process were killed: nothing that it tries after that is
 * done. undefined revives it.
 */
export function setWorkerDeath(next: Death | undefined): void {
  death = next;
  isDead = false;
}

/** Whether the worker has reached that step. */
export function isWorkerDead(): boolean {
  return isDead;
}

/** The worker's bindings with faults. */
export function mortalEnv(env: Env): Env {
  const take: Take = async (step, detail, run, queries = 1) => {
    if (isDead) throw new Error(faultMessage);
    const isHere = death?.at(step, detail, queries) ?? false;
    if (isHere && !death?.isSurvived) isDead = true;
    if (isHere && !death?.isAfter) throw new Error(faultMessage);
    const result = await run();
    if (isHere) throw new Error(faultMessage);
    return result;
  };
  return withMethods(env, {
    FILES: faultyR2(env.FILES, take),
    CONTENT_0: faultyD1(env.CONTENT_0, take),
  });
}

/** Removes all faults, and revives the worker. */
export function clearFaults(): void {
  faultsById.clear();
  setWorkerDeath(undefined);
}

type Take = <T>(step: Step, detail: string, run: () => Promise<T>, queries?: number) => Promise<T>;

/** Replaces methods of a binding; all others are the binding's own. */
function withMethods<T extends object>(binding: T, methods: Partial<T>): T {
  return new Proxy(binding, {
    get(target, name) {
      const own = Reflect.get(methods, name);
      if (own) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The SQL and the real statement of each statement that a faulty database has made. */
const statements = new WeakMap<object, { sql: string; real: D1PreparedStatement }>();

function faultyD1(db: D1Database, take: Take): D1Database {
  const wrap = (sql: string, real: D1PreparedStatement): D1PreparedStatement => {
    const statement = withMethods(real, {
      bind: (...values: unknown[]) => wrap(sql, real.bind(...values)),
      all: () => take("d1", sql, () => real.all()),
    } as Partial<D1PreparedStatement>);
    statements.set(statement, { sql, real });
    return statement;
  };
  return withMethods(db, {
    prepare: (sql) => wrap(sql, db.prepare(sql)),
    batch: (batch) => {
      const known = batch.map((statement) => {
        const found = statements.get(statement);
        if (!found) throw new Error("This statement is of another database.");
        return found;
      });
      const sql = known.map((one) => one.sql).join("\n");
      return take("d1", sql, () => db.batch(known.map(({ real }) => real)), known.length);
    },
  } as Partial<D1Database>);
}

function faultyKv(kv: KVNamespace, take: Take): KVNamespace {
  return withMethods(kv, {
    put: (...call: Parameters<KVNamespace["put"]>) => take("kv", "put", () => kv.put(...call)),
    delete: (key: string) => take("kv", "delete", () => kv.delete(key)),
  } as Partial<KVNamespace>);
}

function faultyBudget(budget: Env["SITE_BUDGET"], take: Take): Env["SITE_BUDGET"] {
  return withMethods(budget, {
    get: (id: DurableObjectId) => {
      type Stub = ReturnType<Env["SITE_BUDGET"]["get"]>;
      const stub = () => budget.get(id);
      const faulty: Pick<Stub, "take" | "giveBack" | "settle"> = {
        take: (...call) => take("budget", "take", async () => stub().take(...call)),
        giveBack: (...call) => take("budget", "giveBack", async () => stub().giveBack(...call)),
        settle: (...call) => take("budget", "settle", async () => stub().settle(...call)),
      } as Stub;
      return faulty as Stub;
    },
  } as Partial<Env["SITE_BUDGET"]>);
}

function faultyR2(r2: R2Bucket, take: Take): R2Bucket {
  const inParts = (upload: R2MultipartUpload): R2MultipartUpload =>
    withMethods(upload, {
      uploadPart: (...call: Parameters<R2MultipartUpload["uploadPart"]>) =>
        take("r2", "uploadPart", () => upload.uploadPart(...call)),
      complete: (parts: R2UploadedPart[]) => take("r2", "complete", () => upload.complete(parts)),
      abort: () => take("r2", "abort", () => upload.abort()),
    } as Partial<R2MultipartUpload>);
  return withMethods(r2, {
    createMultipartUpload: (key: string) =>
      take("r2", "createMultipartUpload", async () => inParts(await r2.createMultipartUpload(key))),
    put: (...call: Parameters<R2Bucket["put"]>) =>
      take("r2", "put", () => r2.put(...call) as Promise<R2Object>),
    delete: (keys: string | string[]) => take("r2", "delete", () => r2.delete(keys)),
  } as Partial<R2Bucket>);
}
