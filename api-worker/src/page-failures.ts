import {
  pageFailureMaxBytes,
  pageFailureSchema,
  pageFailureUrl,
} from "./contracts/page-failure.ts";
import { AppError } from "./errors.ts";
import { systemClock } from "./platform/clock.ts";
import { FloodGate } from "./platform/flood-gate.ts";
import { createLogger } from "./platform/log.ts";
import { readBody } from "./platform/request-body.ts";
import { apiHeaders, errorResponse, methodNotAllowed } from "./responses.ts";
import { toAppError } from "./trpc.ts";

const place = new URL(pageFailureUrl);

/** Lines of an isolate in a minute. The page servers have bounds of their own. */
const linesPerMinute = 200;
const gate = new FloodGate({ perEvent: linesPerMinute, perAddress: linesPerMinute }, systemClock);

/** Whether the page server sent a request to report a failure. */
export function isPageFailure(request: Request): boolean {
  const { hostname, pathname } = new URL(request.url);
  return hostname === place.hostname && pathname === place.pathname;
}

/**
 * Writes a failure of the page server to the worker's log, which is stored. Never rejects.
 *
 * @returns 204; 400 or 413 for what is no report, which leaves no line
 */
export async function storePageFailure(request: Request, requestId: string): Promise<Response> {
  if (request.method !== "POST") {
    return methodNotAllowed("A failure can only be reported.", ["POST"], requestId);
  }
  try {
    const body = await readBody(request, pageFailureMaxBytes);
    const report = pageFailureSchema.safeParse(parseJson(body));
    if (!report.success) throw new AppError("INVALID", "This is no report of a failure.");
    const { event: failure, requestId: pageRequestId, detail, ...fields } = report.data;
    // The id that the user sees is the one to search for.
    const log = createLogger({ requestId: pageRequestId });
    for (const { event: droppedEvent, count } of gate.takeDropped()) {
      log.warn("log.lines_dropped", { droppedEvent, count });
    }
    if (gate.admits("pages.failure_reported", "")) {
      log.error("pages.failure_reported", detail, { failure, ...fields });
    }
    return new Response(null, { status: 204, headers: apiHeaders(requestId) });
  } catch (error) {
    const { code, message } = toAppError(error);
    return errorResponse(code, message, requestId);
  }
}

/** @returns undefined for what is no JSON */
function parseJson(body: Uint8Array | null): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body ?? undefined));
  } catch {
    return undefined;
  }
}
