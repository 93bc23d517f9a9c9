import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWeb } from "../build.ts";
import { runWrangler } from "../cloud.ts";
import {
  noteDeployedContract,
  prepareContract,
  requireDeployedContract,
} from "../contract/deployed-contract.ts";
import { ScriptError } from "../failure.ts";
import { fromRoot } from "../paths.ts";
import type { Session } from "./login.ts";
import { migrate } from "./migrate.ts";
import { findProject, productionBranch } from "./resources.ts";
import { envOption, requireResources, withPagesConfig, wranglerOn } from "./target.ts";

/** The worker's secrets. They are passed on from the environment; those that are missing stay. */
const secretNames = [
  "GOOGLE_GENERATIVE_AI_API_KEY",
  "TURNSTILE_SECRET",
  "VAPID_PRIVATE_KEY",
] as const;

type Print = (line: string) => void;

/** The secrets that the environment has. */
export function readSecrets(
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    secretNames.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
}

/**
 * Applies migrations, then deploys the worker. Migrations only add, so the worker that is still
 * running can cope with them.
 *
 * @param isRecorded writes down in the checkout which contract production has
 * @param options for `wrangler deploy`
 * @throws {ScriptError} when a migration fails, and the worker stays as it is; or wrangler fails, and
 *   has said why
 */
export async function deployWorker(
  session: Session,
  {
    print,
    isRecorded = true,
    options = [],
  }: {
    readonly print: Print;
    readonly isRecorded?: boolean;
    readonly options?: readonly string[];
  },
): Promise<void> {
  const target = requireResources(session.target);
  const { workerName, environment, accountId, databaseName } = target;
  print(
    `The API worker ${workerName} goes to ${environment} (account ${accountId}, database ${databaseName}).`,
  );
  const contract = await prepareContract();
  const count = await migrate(session, print);
  if (count === 0) print("  The databases have all migrations.");
  const folder = mkdtempSync(join(tmpdir(), "deploy-"));
  try {
    // A file, because arguments are visible to every user of the machine.
    const secrets = join(folder, "secrets.json");
    writeFileSync(secrets, JSON.stringify(readSecrets()), { mode: 0o600 });
    chmodSync(folder, 0o700);
    const { options: place, env } = wranglerOn(target);
    const args = ["deploy", ...place, "--secrets-file", secrets, ...contract, ...options];
    await runWrangler(args, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (isRecorded && environment === "production") await noteDeployedContract();
}

/**
 * Builds the web app and deploys it: from the production branch to production, and from any other to
 * a preview, which uses the worker of staging.
 *
 * @param isBuilt deploys the build that is there
 * @param isAnyContract deploys although the contract of the deployed worker is not known
 * @throws {ScriptError} when the worker that it calls is not there, or lacks what it needs
 */
export async function deployPages(
  session: Session,
  {
    print,
    branch,
    isBuilt = false,
    isAnyContract = false,
  }: {
    readonly print: Print;
    readonly branch: string;
    readonly isBuilt?: boolean;
    readonly isAnyContract?: boolean;
  },
): Promise<void> {
  const { api, target } = session;
  const { pagesProject, workerName, environment, accountId } = requireResources(target);
  const project = await findProject(api, pagesProject);
  if (!project) {
    throw new ScriptError(
      `There is no Pages project ${pagesProject}: run setup:cloudflare${envOption(environment)}.`,
    );
  }
  const isProduction = environment === "production";
  if (isProduction !== (branch === (project.production_branch ?? productionBranch))) {
    throw new ScriptError(
      `The Pages project ${pagesProject} takes ${project.production_branch} for production, so the branch ${branch} cannot go to ${environment}.`,
    );
  }
  print(
    `The web app of branch ${branch} goes to ${isProduction ? `production, https://${project.subdomain}` : "a preview"} (account ${accountId}, project ${pagesProject}), and calls the worker ${workerName}.`,
  );
  if (!isAnyContract) await requireDeployedContract(session);
  if (!isBuilt) await buildWeb();
  const args = ["pages", "deploy", "--branch", branch, "--commit-dirty=true"];
  await withPagesConfig(target, () => runWrangler(args, wranglerOn(target).env, fromRoot("web")));
}
