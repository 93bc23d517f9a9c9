/**
 * The server's entry point on Pages. Built by Vite into one file together with the app, so that
 * there is one React Router: a load context made by another copy would be refused.
 */

import * as build from "virtual:react-router/server-build";
import { createPagesFunctionHandler } from "@react-router/cloudflare";
import type { ServerBuild } from "react-router";
import { createLoadContext } from "../app/lib/request-context.server.ts";
import type { PagesEnv } from "./env.ts";

export const onRequest = createPagesFunctionHandler<PagesEnv>({
  // The module's type has `undefined` where the handler's has an optional property.
  build: build as ServerBuild,
  getLoadContext: ({ context: { cloudflare } }) =>
    createLoadContext({ api: cloudflare.env.API, timeZone: cloudflare.cf?.timezone }),
});

export type OnRequest = typeof onRequest;
