import type { Fetcher } from "@cloudflare/workers-types";

/** Bindings of the Pages project, as web/wrangler.toml names them. */
export interface PagesEnv {
  readonly API: Fetcher;
  readonly ASSETS: Fetcher;
}
