import { createPagesFunctionHandler } from "@react-router/cloudflare";
// The server build brings its own React Router and context keys, so the load context is made by it.
import * as build from "../build/server/index.js";
import type { PagesEnv } from "../pages/env.ts";

export const onRequest = createPagesFunctionHandler<PagesEnv>({
  build,
  getLoadContext: ({ context: { cloudflare } }) =>
    build.entry.module.createLoadContext({
      api: cloudflare.env.API,
      timeZone: cloudflare.cf?.timezone,
    }),
});
