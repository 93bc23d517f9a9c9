import { type AuditAction, auditActions } from "api-worker/contracts/admin-audit";

/** The filter of the log, as the API takes it. */
export interface EventFilter {
  readonly action?: AuditAction;
  readonly about?: string;
  readonly from?: number;
  readonly until?: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** The start of a day that an address names, in UTC; undefined for anything else. */
function dayOf(text: string | null): number | undefined {
  const time = /^\d{4}-\d\d-\d\d$/.test(text ?? "") ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The filter that an address asks for: `action`, `about` (a user), and the days `from` and `to`. */
export function readEventFilter(search: URLSearchParams): EventFilter {
  const action = auditActions.find((one) => one === search.get("action"));
  const about = search.get("about")?.trim();
  const from = dayOf(search.get("from"));
  const to = dayOf(search.get("to"));
  return {
    ...(action && { action }),
    ...(about && { about: about.slice(0, 254) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { until: to + dayMs }),
  };
}
