import type { Request } from "@cloudflare/workers-types";
import type { Platform } from "../app/lib/request-context.server.ts";
import type { WebEnv } from "./env.ts";

/** What the platform provides for a request, on Pages and in a worker alike. */
export function platformOf(
  request: Request,
  env: WebEnv,
  context: { waitUntil(promise: Promise<unknown>): void },
): Platform {
  const timeZone = request.cf?.timezone;
  return {
    api: { fetch: (asked) => env.API.fetch(asked as never) as never },
    timeZone: typeof timeZone === "string" ? timeZone : undefined,
    waitUntil: (promise) => context.waitUntil(promise),
  };
}
