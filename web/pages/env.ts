import type { Fetcher } from "@cloudflare/workers-types";

/** Bindings of the web app, named as in web/wrangler.toml and web/wrangler.worker.toml. */
export interface WebEnv {
  readonly API: Fetcher;
}
