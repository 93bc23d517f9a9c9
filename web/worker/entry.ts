/**
 * The server's entry point as a worker with static assets, the other home of the web app. The platform
 * itself serves the files that `run_worker_first` of wrangler.worker.toml leaves out.
 */
import type { ExportedHandler } from "@cloudflare/workers-types";
import { serveApp } from "../build/server/index.js";
import type { WebEnv } from "../pages/env.ts";
import { isPassedOn } from "../pages/pass-on.ts";
import { platformOf } from "../pages/platform-of.ts";

export default {
  fetch(request, env, context) {
    if (isPassedOn(new URL(request.url).pathname)) return env.API.fetch(request);
    return serveApp(request as never, platformOf(request, env, context)) as never;
  },
} satisfies ExportedHandler<WebEnv>;
