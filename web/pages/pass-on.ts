import type { PagesFunction } from "@cloudflare/workers-types";
import type { WebEnv } from "./env.ts";

/** The folders of the address that belong to the API worker. Each is a folder of web/functions. */
export const passedOnFolders = ["trpc", "files", "v1", "run/packages"] as const;

const passedOn = new RegExp(`^/(?:${passedOnFolders.join("|")})(?:/|$)`);

/** Whether requests for a path are the API worker's. */
export function isPassedOn(pathname: string): boolean {
  return passedOn.test(pathname);
}

/** Forwards the request to the API worker unchanged, and streams the response back. */
export const passOn: PagesFunction<WebEnv> = (context) => context.env.API.fetch(context.request);
