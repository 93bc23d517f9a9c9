import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { takeErrors } from "../../../../test/logs.ts";
import { createContext } from "../../../create-context.ts";
import { newId } from "../../../platform/ids.ts";
import { createLogger } from "../../../platform/log.ts";

const home = createHomeDb(env.HOME);
const hourMs = 60 * 60 * 1000;

/** The home database, whose changes of sessions wait for `gate`. */
function withSlowSessions(gate: Promise<unknown>): D1Database {
  const hold = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => hold(target.bind(...values));
        return async () => {
          await gate;
          return target.all();
        };
      },
    });
  return new Proxy(env.HOME, {
    get(target, name) {
      if (name !== "prepare") return Reflect.get(target, name);
      return (sql: string) =>
        sql.startsWith('update "sessions"') ? hold(target.prepare(sql)) : target.prepare(sql);
    },
  });
}

/** A browser that was last seen two hours ago, and what identifying it finds. */
async function arriveLater(gate: Promise<unknown>) {
  const caller = await callerFor("owner");
  const lastSeenAt = Date.now() - 2 * hourMs;
  await home.kysely
    .updateTable("sessions")
    .set({ lastSeenAt })
    .where("userId", "=", caller.user.id)
    .execute();
  const slowEnv = { ...env, HOME: withSlowSessions(gate) };
  const headers = { cookie: `__Host-session=${caller.cookies.get("__Host-session")}` };
  const request = new Request(`${caller.origin}/trpc/auth.me`, { headers });
  const log = createLogger();
  const arrived = await createContext(request, slowEnv, newId(), new Headers(), log);
  return { caller, lastSeenAt, arrived };
}

async function lastSeenOf(caller: Caller): Promise<number> {
  const query = home.kysely.selectFrom("sessions").select("lastSeenAt");
  return (await query.where("userId", "=", caller.user.id).executeTakeFirstOrThrow()).lastSeenAt;
}

test("a viewer is known before it is written down that the session was used", async () => {
  const gate = Promise.withResolvers<void>();
  const { caller, lastSeenAt, arrived } = await arriveLater(gate.promise);
  expect(arrived.viewer?.userId).toBe(caller.user.id);
  expect(await lastSeenOf(caller)).toBe(lastSeenAt);
  gate.resolve();
  await arrived.written;
  expect(await lastSeenOf(caller)).toBeGreaterThan(lastSeenAt + hourMs);
});

test("a failure of that write is logged, and fails nothing", async () => {
  const gate = Promise.withResolvers<void>();
  const { arrived } = await arriveLater(gate.promise);
  gate.reject(new Error("D1 is away"));
  await arrived.written;
  expect(arrived.viewer).not.toBeNull();
  expect(takeErrors()).toMatchObject([{ event: "auth.session_not_renewed" }]);
});

test("a session that was not used for as long as it is kept has ended, before the cron deletes it", async () => {
  const caller = await callerFor("owner");
  const headers = { cookie: `__Host-session=${caller.cookies.get("__Host-session")}` };
  const request = () => new Request(`${caller.origin}/trpc/auth.me`, { headers });
  const arrive = async (lastSeenAt: number) => {
    const sessions = home.kysely.updateTable("sessions").set({ lastSeenAt });
    await sessions.where("userId", "=", caller.user.id).execute();
    const given = { ...env, SESSION_KEPT_DAYS: "2" };
    const arrived = await createContext(request(), given, newId(), new Headers(), createLogger());
    await arrived.written;
    return arrived.viewer?.userId ?? null;
  };
  // The last use may have been almost an hour after what is stored.
  expect(await arrive(Date.now() - 48.9 * hourMs)).toBe(caller.user.id);
  expect(await arrive(Date.now() - 49 * hourMs)).toBeNull();
});
