import { z } from "zod";
import { runWrangler } from "../cloud.ts";
import { ScriptError } from "../failure.ts";
import type { CloudflareApi } from "./api.ts";
import type { Session } from "./login.ts";
import { requireResources, wranglerOn } from "./target.ts";

/**
 * Brings an earlier version of the worker back, by default the one before. wrangler refuses it across
 * a new class of Durable Objects.
 *
 * @throws {ScriptError} when wrangler fails, after it has printed the reason
 */
export async function rollBackWorker({ target }: Session, versionId?: string): Promise<void> {
  const { options, env } = wranglerOn(target);
  const version = versionId === undefined ? [] : [versionId];
  const message = ["--message", "rolled back", "--yes"];
  await runWrangler(["rollback", ...version, ...options, ...message], env);
}

/** A moment of a database: a time as RFC 3339, or a bookmark that D1 has named. */
export type Moment = { readonly time: string } | { readonly bookmark: string };

const bookmarkAnswer = z.object({ bookmark: z.string() });
const restoreAnswer = z.object({ bookmark: z.string(), previous_bookmark: z.string() });

/**
 * Restores the databases of an environment to an earlier moment.
 *
 * @param confirm asks before anything changes, and throws when it may not
 * @returns the bookmark that undoes it
 * @throws {ScriptError} when the time is none, or D1 refuses it, for example because it is too long ago
 */
export async function rewindDatabase(
  { api, target }: Session,
  moment: Moment,
  confirm: (question: string) => Promise<void>,
): Promise<string> {
  const { databases, databaseName, environment } = requireResources(target);
  if ("time" in moment && Number.isNaN(Date.parse(moment.time))) {
    throw new ScriptError(`"${moment.time}" is no time: write it like 2026-11-29T08:00:00Z.`);
  }
  // Both bindings name one database.
  const path = `/d1/database/${databases[0]?.database_id}/time_travel`;
  const bookmark =
    "bookmark" in moment ? moment.bookmark : await bookmarkAt(api, path, moment.time);
  const when = "time" in moment ? moment.time : bookmark;
  await confirm(
    `All that was written to ${databaseName} (${environment}) after ${when} goes. Restore it?`,
  );
  const restored = await api.post(
    `${path}/restore?${new URLSearchParams({ bookmark })}`,
    {},
    restoreAnswer,
  );
  return restored.previous_bookmark;
}

async function bookmarkAt(api: CloudflareApi, path: string, time: string): Promise<string> {
  const timestamp = new Date(time).toISOString();
  const query = new URLSearchParams({ timestamp });
  return (await api.get(`${path}/bookmark?${query}`, bookmarkAnswer)).bookmark;
}

const deployments = z.array(z.object({ id: z.string(), environment: z.string() }));

/**
 * Brings an earlier deployment of the web app back to production, by default the one before.
 *
 * @returns its id
 * @throws {ScriptError} when there is none
 */
export async function rollBackPages({ api, target }: Session, id?: string): Promise<string> {
  const path = `/pages/projects/${target.pagesProject}/deployments`;
  const list = await api.get(`${path}?env=production`, deployments);
  const chosen = id ?? list.filter(({ environment }) => environment === "production")[1]?.id;
  if (chosen === undefined) {
    throw new ScriptError(`${target.pagesProject} has no earlier deployment.`);
  }
  await api.post(`${path}/${chosen}/rollback`, {}, z.unknown());
  return chosen;
}
