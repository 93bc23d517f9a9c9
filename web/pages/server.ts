/**
 * The server's entry point on Pages. Vite builds it into one file together with the app, so that
 * only one copy of React Router exists: it refuses a load context made by another copy.
 */

import * as build from "virtual:react-router/server-build";
import { createPagesFunctionHandler } from "@react-router/cloudflare";
import type { ServerBuild } from "react-router";
import { createLoadContext } from "../app/lib/request-context.server.ts";
import type { PagesEnv } from "./env.ts";

export const onRequest = createPagesFunctionHandler<PagesEnv>({
  // The module's type has `undefined` where the handler's type has an optional property.
  build: build as ServerBuild,
  getLoadContext: ({ context: { cloudflare } }) =>
    createLoadContext({ api: cloudflare.env.API, timeZone: cloudflare.cf?.timezone }),
});

export type OnRequest = typeof onRequest;
