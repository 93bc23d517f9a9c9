import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { cloudEnv } from "../cloud.ts";
import { ScriptError } from "../failure.ts";
import { fromRoot } from "../paths.ts";
import { readWranglerToml } from "../wrangler-toml.ts";

/**
 * Where a deployment goes. `wrangler.toml` and `web/wrangler.toml` say what the two halves need, with
 * the owner's ids. An operator's own ids are in a file that is not committed, and go before them.
 */

export const environments = ["production", "staging"] as const;
export type EnvironmentName = (typeof environments)[number];

/** What follows a printed command, so that it means the same environment. */
export function envOption(environment: EnvironmentName): string {
  return environment === "staging" ? " --env staging" : "";
}

const resources = z.object({
  databaseId: z.string(),
  bucketName: z.string(),
  namespaceId: z.string(),
});
/** Ids of what was created for an environment. */
export type Resources = z.infer<typeof resources>;

const operatorFile = z.object({
  accountId: z.string(),
  /** The Pages project, which both environments share. */
  pagesProject: z.string().optional(),
  /** The address that Pages has given it. */
  site: z.string().optional(),
  production: resources.optional(),
  staging: resources.optional(),
});
export type OperatorFile = z.infer<typeof operatorFile>;

/** The operator's file; `CLOUDFLARE_FILE` names another one. */
export function operatorPath(): string {
  return process.env.CLOUDFLARE_FILE || fromRoot("cloudflare.json");
}

/** @throws {ScriptError} when the file is no such file */
export function readOperatorFile(): OperatorFile | undefined {
  const path = operatorPath();
  if (!existsSync(path)) return undefined;
  try {
    return operatorFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new ScriptError(`${path} is damaged. Delete it, and run setup:cloudflare again.`);
  }
}

export function writeOperatorFile(file: OperatorFile): void {
  writeFileSync(operatorPath(), `${JSON.stringify(file, null, 2)}\n`);
}

/** A database of wrangler.toml. */
export interface MigratedDatabase {
  readonly binding: string;
  readonly database_id: string;
  /** Path of the folder with the migrations; its last part is their kind. */
  readonly migrations_dir: string;
  readonly migrations_table: string;
}

type Raw = Record<string, unknown>;
interface RawWorker extends Raw {
  readonly name: string;
  readonly account_id: string;
  readonly main: string;
  readonly d1_databases: readonly (MigratedDatabase & { readonly database_name: string })[];
  readonly r2_buckets: readonly { readonly binding: string; readonly bucket_name: string }[];
  readonly kv_namespaces: readonly { readonly binding: string; readonly id: string }[];
}

/** What a deployment consists of, with all ids filled in. */
export interface Target {
  readonly environment: EnvironmentName;
  readonly accountId: string;
  readonly workerName: string;
  readonly databaseName: string;
  readonly bucketName: string;
  readonly pagesProject: string;
  /** The web app's address. Staging's is the preview that the set-up deploys. */
  readonly site: string;
  /** Missing where nothing was set up. */
  readonly resources: Resources | undefined;
  readonly databases: readonly MigratedDatabase[];
  /** The worker's configuration for wrangler. */
  readonly workerConfig: Raw;
}

/**
 * Reads what goes where.
 *
 * @param accountId another account than the file's, whose resources are not known yet
 */
export function readTarget(environment: EnvironmentName, accountId?: string): Target {
  const { env, ...top } = readWranglerToml<
    RawWorker & { readonly env: { readonly staging: RawWorker } }
  >();
  const own = environment === "production" ? top : { ...inherited(top), ...env.staging };
  const file = readOperatorFile();
  const account = accountId ?? file?.accountId ?? top.account_id;
  const stored = file?.accountId === account ? file[environment] : undefined;
  const isOwners = account === top.account_id && environment === "production";
  const known = stored ?? (isOwners ? resourcesOf(own) : undefined);
  const pagesProject = file?.pagesProject ?? pagesConfig().name;
  const site = file?.site ?? `https://${pagesProject}.pages.dev`;
  const databases = own.d1_databases.map((database) => ({
    ...database,
    database_id: known?.databaseId ?? "",
    migrations_dir: fromRoot(database.migrations_dir),
  }));
  return {
    environment,
    accountId: account,
    workerName: own.name,
    databaseName: own.d1_databases[0]?.database_name ?? "",
    bucketName: known?.bucketName ?? own.r2_buckets[0]?.bucket_name ?? "",
    pagesProject,
    site: environment === "production" ? site : site.replace("://", `://${environment}.`),
    resources: known,
    databases,
    workerConfig: {
      ...own,
      account_id: account,
      main: fromRoot(top.main),
      d1_databases: databases,
      r2_buckets: own.r2_buckets.map((bucket) => ({
        ...bucket,
        bucket_name: known?.bucketName ?? bucket.bucket_name,
      })),
      kv_namespaces: own.kv_namespaces.map((space) => ({
        ...space,
        id: known?.namespaceId ?? "",
      })),
    },
  };
}

/** What [env.staging] has from the top of wrangler.toml, by wrangler's rules. */
function inherited(top: RawWorker): Partial<RawWorker> {
  const { compatibility_date, compatibility_flags, workers_dev, preview_urls } = top;
  const { observability, migrations, triggers, limits, minify, upload_source_maps, placement } =
    top;
  const all = { compatibility_date, compatibility_flags, workers_dev, preview_urls };
  const code = { minify, upload_source_maps, placement };
  return {
    ...{ ...all, ...code, observability, migrations, triggers },
    ...(limits !== undefined && { limits }),
  };
}

function resourcesOf({ d1_databases, r2_buckets, kv_namespaces }: RawWorker): Resources {
  return {
    databaseId: d1_databases[0]?.database_id ?? "",
    bucketName: r2_buckets[0]?.bucket_name ?? "",
    namespaceId: kv_namespaces[0]?.id ?? "",
  };
}

interface RawPages extends Raw {
  readonly name: string;
  readonly env: { readonly preview: Raw };
}

function pagesConfig(): RawPages {
  return readWranglerToml<RawPages>("web/wrangler.toml");
}

/** @throws {ScriptError} when nothing was set up for the environment */
export function requireResources(target: Target): Target & { readonly resources: Resources } {
  const { resources: known, environment } = target;
  if (known) return { ...target, resources: known };
  throw new ScriptError(
    `There is no ${environment} in the account ${target.accountId} yet: run \`npx -y pnpm@12.21.0 setup:cloudflare${envOption(environment)}\`.`,
  );
}

/** Makes wrangler work on one environment of one account. */
export interface WranglerPlace {
  /** Options of all commands but those of Pages. */
  readonly options: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Writes a target's configuration for wrangler, with the ids filled in. Without it wrangler would take
 * the ids of the committed file, and for Pages the account that it remembers.
 *
 * @throws {ScriptError} when nothing was set up there
 */
export function wranglerOn(target: Target): WranglerPlace {
  const { accountId, environment, workerConfig } = requireResources(target);
  return {
    options: ["--config", writeConfig(join(accountId, environment), workerConfig)],
    env: { ...cloudEnv(), CLOUDFLARE_ACCOUNT_ID: accountId },
  };
}

/**
 * Writes a configuration that names an account and nothing in it, for commands on things that belong
 * to no environment yet.
 *
 * @returns the file's path
 */
export function writeAccountConfig({ accountId, workerConfig }: Target): string {
  const { name, compatibility_date } = workerConfig;
  return writeConfig(accountId, { name, account_id: accountId, compatibility_date });
}

/** In a folder for each account, so that two operators of one checkout stay apart. */
function writeConfig(path: string, config: Raw): string {
  const folder = fromRoot(".wrangler/cloudflare", path);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "wrangler.json");
  writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}

/**
 * Lets `wrangler pages deploy` in `web/` use a configuration with the operator's project, for as long
 * as `use` takes: it takes no path of one.
 */
export async function withPagesConfig<Result>(
  { pagesProject, environment }: Target,
  use: () => Promise<Result>,
): Promise<Result> {
  const folder = fromRoot("web/.wrangler/deploy");
  mkdirSync(folder, { recursive: true });
  // wrangler refuses environments in such a configuration, so it has that of the preview alone.
  const { env, ...production } = pagesConfig();
  const config = {
    ...production,
    ...(environment === "staging" && env.preview),
    name: pagesProject,
    pages_build_output_dir: fromRoot("web/build/client"),
  };
  writeFileSync(join(folder, "wrangler.json"), JSON.stringify(config, null, 2));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ configPath: "wrangler.json" }));
  try {
    return await use();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
