import { createHomeDb, migrationNumbers, sql } from "db";
import { versionOf } from "./health.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import { contentDatabases } from "./platform/content.ts";
import { inTime } from "./platform/in-time.ts";
import { jobObject } from "./platform/job-object.ts";
import { createLogger, type Logger } from "./platform/log.ts";
import { apiHeaders, methodNotAllowed } from "./responses.ts";

export const readyPath = "/v1/ready";

/** What the worker depends on. `migrations`: the databases lack some that the worker needs. */
type Part = "database" | "migrations" | "files" | "values" | "objects";

/** The numbers of the last migrations that the databases have; null when they cannot be read. */
interface AppliedMigrations {
  readonly home: number | null;
  /** Of several content databases the one that is furthest behind. */
  readonly content: number | null;
}

interface Readiness {
  readonly failed: readonly Part[];
  readonly migrations: AppliedMigrations;
}

/** Each part has to answer within this time. */
const partMaxMs = 3_000;
/** A result is good for this long, so that strangers cannot make the parts work. */
const keptMs = 5_000;
/** Looks of one instance at the same time. */
const looksMax = 2;

let last: { readonly at: number; readonly readiness: Readiness } | undefined;
/** When the looks that have not ended began. A cancelled request never ends its own. */
let looks: readonly { readonly begunAt: number }[] = [];

/** Forgets the last result, for tests. */
export function forgetReadiness(): void {
  last = undefined;
  looks = [];
}

/**
 * Answers whether everything that the worker depends on answers, with 200 or 503. Which part failed
 * is in the response, why is in the log.
 *
 * @param clock epoch milliseconds
 */
export async function serveReady(
  env: Env,
  method: string,
  requestId: string,
  clock: Clock = systemClock,
): Promise<Response> {
  if (method !== "GET" && method !== "HEAD") {
    return methodNotAllowed("The worker’s state can only be read.", ["GET", "HEAD"], requestId);
  }
  const readiness = await readReadiness(env, createLogger({ requestId }), clock);
  const isReady = readiness?.failed.length === 0;
  return Response.json(
    {
      status: isReady ? "ready" : readiness ? "unavailable" : "busy",
      version: versionOf(env),
      migrations: readiness?.migrations ?? { home: null, content: null },
      failed: readiness?.failed ?? [],
    },
    {
      status: isReady ? 200 : 503,
      headers: { ...apiHeaders(requestId), ...(!isReady && { "retry-after": "5" }) },
    },
  );
}

/** @returns null while other requests look for the first time */
async function readReadiness(env: Env, log: Logger, clock: Clock): Promise<Readiness | null> {
  const now = clock();
  if (last && now - last.at < keptMs) return last.readiness;
  looks = looks.filter(({ begunAt }) => now - begunAt < 2 * partMaxMs);
  if (looks.length >= looksMax) return last?.readiness ?? null;
  const own = { begunAt: now };
  looks = [...looks, own];
  const readiness = await look(env, log);
  last = { at: clock(), readiness };
  looks = looks.filter((one) => one !== own);
  return readiness;
}

/** Asks every part at once. Never rejects. */
async function look(env: Env, log: Logger): Promise<Readiness> {
  const [migrations, ...others] = await Promise.all([
    ask("database", log, () => readMigrations(env)),
    ask("files", log, async () => void (await env.FILES.head("ready"))),
    ask("values", log, async () => void (await env.STREAMS.get("ready"))),
    ask("objects", log, () => jobObject(env, "ready").ping()),
  ]);
  const failed = [migrations, ...others].flatMap((answer) =>
    "failed" in answer ? answer.failed : [],
  );
  if ("failed" in migrations) return { failed, migrations: { home: null, content: null } };
  const { home, content } = migrations.value;
  const isBehind = (home ?? 0) < migrationNumbers.home || (content ?? 0) < migrationNumbers.content;
  return { failed: isBehind ? [...failed, "migrations"] : failed, migrations: migrations.value };
}

async function ask<Value>(
  part: Part,
  log: Logger,
  run: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly failed: Part }> {
  try {
    return { value: await inTime(run(), partMaxMs) };
  } catch (error) {
    log.error("ready.check_failed", error, { part });
    return { failed: part };
  }
}

async function readMigrations(env: Env): Promise<AppliedMigrations> {
  const [home, ...content] = await Promise.all([
    numberOf(
      sql<Last>`SELECT max(name) AS name FROM migrations_home`.execute(
        createHomeDb(env.HOME).kysely,
      ),
    ),
    ...contentDatabases(env).map(({ kysely }) =>
      numberOf(sql<Last>`SELECT max(name) AS name FROM migrations_content`.execute(kysely)),
    ),
  ]);
  return { home: home ?? null, content: content.length > 0 ? Math.min(...content) : null };
}

interface Last {
  /** Such as `0013_invites.sql`. */
  readonly name: string | null;
}

async function numberOf(result: Promise<{ readonly rows: readonly Last[] }>): Promise<number> {
  const { rows } = await result;
  return Number.parseInt(rows[0]?.name ?? "0", 10);
}
