/**
 * The server's entry point on Pages. Vite builds it into one file together with the app, so that
 * only one copy of React Router exists: it refuses a load context made by another copy.
 */

import * as build from "virtual:react-router/server-build";
import type { PagesFunction } from "@cloudflare/workers-types";
import { createPagesFunctionHandler } from "@react-router/cloudflare";
import type { ServerBuild } from "react-router";
import { admitRequest } from "../app/lib/admit-request.server.ts";
import type { PageRefusal } from "../app/lib/page-refusal.ts";
import { createLoadContext } from "../app/lib/request-context.server.ts";
import { withSecurityHeaders } from "../app/lib/security-headers.ts";
import type { PagesEnv } from "./env.ts";
import { serveRunFrame } from "./run/serve-run-frame.ts";

const refusals = new WeakMap<object, PageRefusal>();

const handlePage = createPagesFunctionHandler<PagesEnv>({
  // The module's type has `undefined` where the handler's type has an optional property.
  build: build as ServerBuild,
  getLoadContext: ({ request, context: { cloudflare } }) =>
    createLoadContext({
      api: cloudflare.env.API,
      timeZone: cloudflare.cf?.timezone,
      refusal: refusals.get(request) ?? null,
    }),
});

/** Checks the request, which the page handler would copy whole, and hands it on. */
export const onRequest: PagesFunction<PagesEnv> = async (context) => {
  const frame = serveRunFrame(context.request as unknown as Request);
  if (frame) return frame as never;
  // The platform's types differ from the DOM's.
  const { request, refusal } = await admitRequest(context.request as unknown as Request);
  if (refusal) refusals.set(request, refusal);
  const response = await handlePage({ ...context, request: request as never });
  return withSecurityHeaders(response as unknown as Response, request.url) as never;
};

export type OnRequest = typeof onRequest;
