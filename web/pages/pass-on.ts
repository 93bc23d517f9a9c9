import type { PagesFunction } from "@cloudflare/workers-types";
import type { PagesEnv } from "./env.ts";

/** Hands the request to the API worker as it came, and streams the answer back. */
export const passOn: PagesFunction<PagesEnv> = (context) => context.env.API.fetch(context.request);
