import { type AuditEventOutput, auditPageMax } from "api-worker/contracts/admin-audit";
import { saveFile } from "../../../lib/save-file.ts";
import { api } from "../../../lib/trpc.ts";
import type { EventFormat } from "./event-file.client.ts";
import type { EventFilter } from "./event-filter.ts";

/** A file has at most this many events, the newest, so that a browser can hold it. */
export const eventsPerFileMax = 10_000;

const mediaTypes: Record<EventFormat, string> = {
  csv: "text/csv;charset=utf-8",
  json: "application/json;charset=utf-8",
};

/**
 * Downloads the events of a filter as a file. Browser only.
 *
 * @returns whether the file has all of them
 * @throws what the API throws
 */
export async function saveEvents(filter: EventFilter, format: EventFormat): Promise<boolean> {
  const events: AuditEventOutput[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof api.admin.audit.list.query>> =
      await api.admin.audit.list.query({ ...filter, cursor, limit: auditPageMax });
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && events.length < eventsPerFileMax);
  const { eventFile } = await import("./event-file.client.ts");
  const day = new Date().toISOString().slice(0, 10);
  saveFile(`audit-log-${day}.${format}`, [eventFile(events, format)], mediaTypes[format]);
  return cursor === null;
}
