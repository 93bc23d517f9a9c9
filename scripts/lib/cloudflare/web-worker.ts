import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { experimental_readRawConfig } from "wrangler";
import { buildWeb } from "../build.ts";
import { runWrangler } from "../cloud.ts";
import { requireDeployedContract } from "../contract/deployed-contract.ts";
import { ScriptError } from "../failure.ts";
import { fromRoot } from "../paths.ts";
import type { Session } from "./login.ts";
import { productionBranch } from "./resources.ts";
import { requireResources, type Target, wranglerOn } from "./target.ts";

/** The web app as a worker with static assets: its home beside Pages. */

export const webHomes = ["pages", "workers"] as const;
export type WebHome = (typeof webHomes)[number];

/**
 * Reads `--to`.
 *
 * @throws {ScriptError} when there is no such home
 */
export function readWebHome(text: string): WebHome {
  const home = webHomes.find((name) => name === text);
  if (home) return home;
  throw new ScriptError(`--to is "${text}", but must be ${webHomes.join(" or ")}.`);
}

interface RawWebWorker {
  readonly name: string;
  readonly main: string;
  readonly assets: { readonly directory: string };
  readonly [setting: string]: unknown;
}

/** What `web/wrangler.worker.toml` says for an environment. */
function readWebWorker(environment: Target["environment"]): RawWebWorker {
  const { env, ...top } = experimental_readRawConfig({
    config: fromRoot("web/wrangler.worker.toml"),
  }).rawConfig as unknown as RawWebWorker & { readonly env: { readonly staging: RawWebWorker } };
  return environment === "staging" ? { ...top, ...env.staging } : top;
}

/**
 * Writes the configuration of the web app's worker for wrangler.
 *
 * @returns the file's path, and the worker's name
 */
function writeWebConfig({ environment, accountId }: Target): { config: string; name: string } {
  const own = readWebWorker(environment);
  const folder = fromRoot(".wrangler/cloudflare", accountId, environment);
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "web.json");
  const settings = {
    ...own,
    account_id: accountId,
    main: fromRoot("web", own.main),
    assets: { ...own.assets, directory: fromRoot("web", own.assets.directory) },
  };
  writeFileSync(config, JSON.stringify(settings, null, 2));
  return { config, name: own.name };
}

/**
 * Builds the web app and deploys it as a worker: from the production branch to production, and from any
 * other to staging.
 *
 * @param isBuilt deploys the build that is there
 * @param isAnyContract deploys although the contract of the deployed worker is not known
 * @throws {ScriptError} when the branch does not fit the environment; when the API worker is not there,
 *   or lacks what the web app needs; or when wrangler fails, and has said why
 */
export async function deployWebWorker(
  session: Session,
  {
    print,
    branch,
    isBuilt = false,
    isAnyContract = false,
  }: {
    readonly print: (line: string) => void;
    readonly branch: string;
    readonly isBuilt?: boolean;
    readonly isAnyContract?: boolean;
  },
): Promise<void> {
  const target = requireResources(session.target);
  const { environment, accountId, workerName } = target;
  if ((environment === "production") !== (branch === productionBranch)) {
    throw new ScriptError(
      `Production takes the branch ${productionBranch}, and staging any other: the branch ${branch} cannot go to ${environment}.`,
    );
  }
  const { config, name } = writeWebConfig(target);
  print(
    `The web app of branch ${branch} goes to ${environment} as the worker ${name} (account ${accountId}), and calls the worker ${workerName}.`,
  );
  if (!isAnyContract) await requireDeployedContract(session);
  if (!isBuilt) await buildWeb();
  await runWrangler(["deploy", "--config", config], wranglerOn(target).env);
}

/**
 * Brings an earlier version of the web app's worker back, by default the one before.
 *
 * @throws {ScriptError} when wrangler fails, after it has printed the reason
 */
export async function rollBackWebWorker({ target }: Session, versionId?: string): Promise<void> {
  const { config } = writeWebConfig(requireResources(target));
  const version = versionId === undefined ? [] : [versionId];
  const message = ["--message", "rolled back", "--yes"];
  const args = ["rollback", ...version, "--config", config, ...message];
  await runWrangler(args, wranglerOn(target).env);
}
