import type { PagesFunction } from "@cloudflare/workers-types";
// Built from pages/server.ts.
import { serveApp } from "../build/server/index.js";
import type { WebEnv } from "../pages/env.ts";
import { platformOf } from "../pages/platform-of.ts";

export const onRequest: PagesFunction<WebEnv> = (context) =>
  serveApp(
    context.request as never,
    platformOf(context.request as never, context.env, context),
  ) as never;
