/**
 * The server, for each home of the web app: Pages (functions/) and a worker (worker/). Vite builds it
 * into one file together with the app, so that only one copy of React Router exists: it refuses a load
 * context made by another copy.
 */

import * as build from "virtual:react-router/server-build";
import { createRequestHandler, type ServerBuild } from "react-router";
import { admitRequest } from "../app/lib/admit-request.server.ts";
import { logFailure } from "../app/lib/log.server.ts";
import {
  createLoadContext,
  type Platform,
  requestContext,
} from "../app/lib/request-context.server.ts";
import { securityHeaders, withSecurityHeaders } from "../app/lib/security-headers.ts";
import { serveRunFrame } from "./run/serve-run-frame.ts";

// The module's type has `undefined` where the handler's type has an optional property.
const handlePage = createRequestHandler(build as ServerBuild, "production");

/** Names the build, for pages that were loaded from an earlier one. */
function serveVersion(request: Request): Response | null {
  if (new URL(request.url).pathname !== "/version") return null;
  const headers = { ...securityHeaders(request.url), "cache-control": "no-store" };
  return Response.json({ version: build.assets.version }, { headers });
}

/**
 * Answers every request but those of static files and of the API: checks it first, and then lets
 * React Router render. Never rejects.
 */
export async function serveApp(asked: Request, platform: Platform): Promise<Response> {
  const special = serveRunFrame(asked) ?? serveVersion(asked);
  if (special) return special;
  const { request, refusal } = await admitRequest(asked);
  const context = createLoadContext({ ...platform, refusal });
  const response = await handlePage(request, context).catch((error: unknown) => {
    // React Router turns failures of pages into pages; this one is outside of them.
    logFailure(context, "pages.load_failed", error, new URL(request.url).pathname);
    return new Response("Something went wrong. Try again.", {
      status: 500,
      headers: { "x-request-id": context.get(requestContext).id, "cache-control": "no-store" },
    });
  });
  return withSecurityHeaders(response, request.url);
}
