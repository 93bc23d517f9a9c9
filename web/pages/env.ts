import type { Fetcher } from "@cloudflare/workers-types";

/** Bindings of the Pages project, named as in web/wrangler.toml. */
export interface PagesEnv {
  readonly API: Fetcher;
  readonly ASSETS: Fetcher;
}
