import type { PagesFunction } from "@cloudflare/workers-types";
import type { PagesEnv } from "./env.ts";

/** Forwards the request to the API worker unchanged, and streams the response back. */
export const passOn: PagesFunction<PagesEnv> = (context) => context.env.API.fetch(context.request);
