import {
  type PageFailure,
  pageFailureMax,
  pageFailureUrl,
} from "api-worker/contracts/page-failure";
import type { Platform } from "./request-context.server.ts";

/** More failures in a minute of one server are only counted. */
const reportsPerMinute = 60;
let reports = { minute: 0, count: 0 };

/**
 * Tells the API worker of a failure, whose log is stored: Pages stores none. Never throws, and fails no
 * page: without the API the failure is in the page server's own log alone.
 */
export function reportFailure(
  { api, waitUntil }: Platform,
  failure: Omit<PageFailure, "dropped">,
): void {
  const minute = Math.floor(Date.now() / 60_000);
  const dropped = minute === reports.minute ? 0 : Math.max(0, reports.count - reportsPerMinute);
  if (minute !== reports.minute) reports = { minute, count: 0 };
  reports.count += 1;
  if (reports.count > reportsPerMinute) return;
  const report: PageFailure = {
    ...failure,
    pathname: failure.pathname.slice(0, pageFailureMax.pathname),
    detail: failure.detail.slice(0, pageFailureMax.detail),
    dropped,
  };
  const sent = send(api, report).catch(() => undefined);
  waitUntil?.(sent);
}

async function send(api: Platform["api"], report: PageFailure): Promise<void> {
  const response = await api.fetch(
    new Request(pageFailureUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(report),
    }),
  );
  await response.body?.cancel();
}
