import { z } from "zod";
import { ScriptError } from "../failure.ts";
import { type CloudflareApi, hasCode } from "./api.ts";

/** What the product needs in the account, each found by its name or created. */

/** The branch whose web app is production; all others are previews. */
export const productionBranch = "main";

const database = z.object({ uuid: z.string(), name: z.string() });
const namespace = z.object({ id: z.string(), title: z.string() });
const project = z.object({
  name: z.string(),
  subdomain: z.string(),
  production_branch: z.string().optional(),
});
export type PagesProject = z.infer<typeof project>;
const anything = z.unknown();

/**
 * Looks whether the account has R2 and a workers.dev subdomain. Both begin with a click in the
 * dashboard, which no command can do.
 *
 * @throws {ScriptError} with Cloudflare's own words and the page for the click
 */
export async function checkAccount(api: CloudflareApi): Promise<void> {
  const dashboard = `https://dash.cloudflare.com/${api.accountId}`;
  try {
    await api.get("/r2/buckets", anything);
  } catch (error) {
    if (!hasCode(error, 10042)) throw error;
    throw new ScriptError(
      `${error.message}\nR2 is not turned on in this account. Turn it on at ${dashboard}/r2/overview (it asks for a way to pay, and has a free amount), then run the command again.`,
    );
  }
  try {
    await api.get("/workers/subdomain", anything);
  } catch (error) {
    if (!hasCode(error, 10007, 10063)) throw error;
    throw new ScriptError(
      `${error.message}\nThis account has no workers.dev subdomain, without which a worker’s crons cannot be set [code: 10063]. Open ${dashboard}/workers/onboarding once to choose one, then run the command again.`,
    );
  }
}

/** @returns undefined when there is none of this name */
export async function findDatabase(api: CloudflareApi, name: string): Promise<string | undefined> {
  const path = `/d1/database?${new URLSearchParams({ name, per_page: "100" })}`;
  const found = await api.get(path, z.array(database));
  // The API's filter finds parts of names too.
  return found.find((one) => one.name === name)?.uuid;
}

export async function createDatabase(api: CloudflareApi, name: string): Promise<string> {
  return (await api.post("/d1/database", { name }, database)).uuid;
}

export async function hasBucket(api: CloudflareApi, name: string): Promise<boolean> {
  try {
    await api.get(`/r2/buckets/${name}`, anything);
    return true;
  } catch (error) {
    if (hasCode(error, 10006)) return false;
    throw error;
  }
}

export async function createBucket(api: CloudflareApi, name: string): Promise<void> {
  await api.post("/r2/buckets", { name }, anything);
}

/** Pages of the list that are looked at: 10,000 namespaces. */
const maxPages = 100;

/** @returns undefined when there is none of this title */
export async function findNamespace(
  api: CloudflareApi,
  title: string,
): Promise<string | undefined> {
  for (let page = 1; page <= maxPages; page += 1) {
    const path = `/storage/kv/namespaces?per_page=100&page=${page}`;
    const namespaces = await api.get(path, z.array(namespace));
    const found = namespaces.find((one) => one.title === title);
    if (found) return found.id;
    if (namespaces.length < 100) return undefined;
  }
  return undefined;
}

export async function createNamespace(api: CloudflareApi, title: string): Promise<string> {
  return (await api.post("/storage/kv/namespaces", { title }, namespace)).id;
}

/** @returns undefined when there is none of this name */
export async function findProject(
  api: CloudflareApi,
  name: string,
): Promise<PagesProject | undefined> {
  try {
    return await api.get(`/pages/projects/${name}`, project);
  } catch (error) {
    if (hasCode(error, 8000007)) return undefined;
    throw error;
  }
}

export function createProject(api: CloudflareApi, name: string): Promise<PagesProject> {
  return api.post("/pages/projects", { name, production_branch: productionBranch }, project);
}
