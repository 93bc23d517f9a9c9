/** A failure of the page server, which it reports to the worker, because Pages stores no log. */
import { z } from "zod";

/**
 * Where the page server sends its reports, over the service binding. The worker has no public address,
 * and no request from outside comes with this host, which only a binding can choose.
 */
export const pageFailureUrl = "https://page-server.internal/failures";

export const pageFailureEvents = [
  "auth.action_failed",
  "pages.load_failed",
  "pages.render_failed",
] as const;

/** Characters of a report's texts; the page server cuts what is longer. */
export const pageFailureMax = { pathname: 500, detail: 8_000 } as const;
/** Bytes of a report: each character may be three bytes, or six when JSON escapes it. */
export const pageFailureMaxBytes = 60_000;

export const pageFailureSchema = z.object({
  event: z.enum(pageFailureEvents),
  /** The id that the error page shows. */
  requestId: z.uuid(),
  pathname: z.string().max(pageFailureMax.pathname),
  /** The error, with its stack and its causes. */
  detail: z.string().max(pageFailureMax.detail),
  /** How many reports are missing before this one. */
  dropped: z.int().min(0),
});
export type PageFailure = z.infer<typeof pageFailureSchema>;
