/** Only in the browser: Papa Parse is a CommonJS module, and the runtime of the pages has no `require`. */
import type { AuditEventOutput } from "api-worker/contracts/admin-audit";
import Papa from "papaparse";

export type EventFormat = "csv" | "json";

/** What a spreadsheet may take for the start of a formula, also in the wide forms of East Asia. */
const formulaStart = /^\s*[=+\-@\t\r＝＋－＠]/;

/**
 * Writes events as a file. In CSV, a text that a spreadsheet would run as a formula begins with an
 * apostrophe, because reasons and names are written by people.
 */
export function eventFile(events: readonly AuditEventOutput[], format: EventFormat): string {
  if (format === "json") return `${JSON.stringify(events, null, 2)}\n`;
  const rows = events.map(({ actor, owner, details, ...event }) => ({
    time: new Date(event.createdAt).toISOString(),
    action: event.action,
    actorId: actor.id,
    actorEmail: actor.email,
    targetType: event.targetType,
    targetId: event.targetId,
    ownerId: owner?.id,
    ownerEmail: owner?.email,
    reason: event.reason,
    requestId: event.requestId,
    details: details && JSON.stringify(details),
    id: event.id,
  }));
  return Papa.unparse(rows, { escapeFormulae: formulaStart, header: true });
}
