import type { RouterContextProvider } from "react-router";
import type { Reader } from "./date-groups.ts";
import { platformContext } from "./request-context.server.ts";
import { readTimeZone } from "./time-zone.ts";

/** The time, and the viewer's time zone as far as the server knows it. */
export function readReader(request: Request, context: Readonly<RouterContextProvider>): Reader {
  const guess = context.get(platformContext).timeZone;
  return { nowMs: Date.now(), timeZone: readTimeZone(request.headers.get("cookie"), guess) };
}
