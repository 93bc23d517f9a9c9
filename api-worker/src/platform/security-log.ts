/**
 * Security events: what happened, to whom, and from where. The logger of a request adds the request
 * id, and the viewer with the session or token. See the guide to operations.
 */
import { addressKey } from "../contracts/client-address.ts";
import { systemClock } from "./clock.ts";
import { FloodGate } from "./flood-gate.ts";
import type { LogFields, Logger } from "./log.ts";
import type { LogEvent } from "./log-events.ts";

/** The parts of a context that an event needs. */
export interface EventSource {
  readonly log: Logger;
  readonly request: { readonly address: string };
}

/** Events that any client can cause, as often as it sends requests. */
const cheapEvents: ReadonlySet<LogEvent> = new Set<LogEvent>([
  "auth.guest_started",
  "auth.login_delayed",
  "auth.login_failed",
  "auth.visitor_refused",
  "limits.day_reached",
  "request.access_refused",
  "request.origin_refused",
  "request.rate_refused",
  "request.served",
  "request.session_refused",
  "request.size_refused",
  "request.token_refused",
  "trpc.call",
]);

const most = { perEvent: 200, perAddress: 20 };
let gate = new FloodGate(most, systemClock);

/** Forgets what was logged in this minute, for tests. */
export function resetFloodGate(): void {
  gate = new FloodGate(most, systemClock);
}

/**
 * Logs a security event with the client's address (an IPv6 address as its /64). Never a secret, and
 * no text that a client chose: a password may be typed where an email address belongs.
 *
 * Beyond a bound for each minute, events that any client can cause are only counted. Any other is
 * always logged.
 */
export function logSecurityEvent(source: EventSource, event: LogEvent, fields?: LogFields): void {
  if (!mayLog(source, event)) return;
  source.log.info(event, { address: addressKey(source.request.address), ...fields });
}

/** Whether the log has room for one more line of an event that any client can cause. */
export function mayLog({ log, request }: EventSource, event: LogEvent): boolean {
  for (const { event: droppedEvent, count } of gate.takeDropped()) {
    log.warn("log.lines_dropped", { droppedEvent, count });
  }
  return !cheapEvents.has(event) || gate.admits(event, addressKey(request.address));
}
