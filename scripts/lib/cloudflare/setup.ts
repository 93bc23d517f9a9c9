import { z } from "zod";
import { newLink, sqlForAdmin } from "../accounts.ts";
import type { CloudflareApi } from "./api.ts";
import { branchOf } from "./branch.ts";
import { deployPages, deployWorker, readSecrets } from "./deploy.ts";
import { queryCloud } from "./import-sql.ts";
import { findPending, migrate } from "./migrate.ts";
import {
  checkAccount,
  createBucket,
  createDatabase,
  createNamespace,
  createProject,
  findDatabase,
  findNamespace,
  findProject,
  hasBucket,
} from "./resources.ts";
import {
  type EnvironmentName,
  envOption,
  operatorPath,
  type Resources,
  readOperatorFile,
  readTarget,
  type Target,
  writeAccountConfig,
  writeOperatorFile,
} from "./target.ts";

export interface SetupOptions {
  readonly api: CloudflareApi;
  readonly environment: EnvironmentName;
  /** Only says what would be done. */
  readonly isDryRun: boolean;
  /** Leaves the two deployments out. */
  readonly withoutDeployment: boolean;
  /** In canonical form: the account that becomes the first administrator. */
  readonly adminEmail: string | undefined;
  /** Deploys the build of the web app that is there. */
  readonly isBuilt: boolean;
  /** Writes down in the checkout which contract production has. */
  readonly isRecorded: boolean;
  readonly print: (line: string) => void;
}

/**
 * Sets up everything that a deployment needs, in order. What is there already is found and used, so it
 * can be run again at any time, and goes on where it was stopped.
 *
 * @throws {ScriptError} at the first step that fails, with what to do
 */
export async function setUp(options: SetupOptions): Promise<void> {
  const { api, environment, isDryRun, print, adminEmail } = options;
  const target = readTarget(environment, api.accountId);
  print(`Setting up ${environment} in the account ${api.accountId}.`);
  await checkAccount(api);
  print("✓ The account has R2 and a workers.dev subdomain.");
  const found = await setUpResources(options, target);
  const site = await setUpProject(options, target);
  if (found && !isDryRun) remember(options, target, found, site);
  await migrateAll(options);
  await deployBoth(options);
  if (adminEmail !== undefined) await makeFirstAdmin(options, adminEmail);
  print(summary(options));
}

/** A thing that is found by its name or created. */
interface Thing<Id> {
  readonly what: string;
  readonly find: () => Promise<Id | undefined>;
  readonly create: () => Promise<Id>;
  /** A command; what it says of the id of a thing that is not there yet is `<its id>`. */
  readonly undo: (id: Id | "<its id>") => string;
}

/** @returns undefined on a dry run of what is not there */
async function findOrCreate<Id>(
  { print, isDryRun }: SetupOptions,
  { what, find, create, undo }: Thing<Id>,
): Promise<Id | undefined> {
  const found = await find();
  if (found !== undefined) {
    print(`✓ ${what} is there.`);
    return found;
  }
  if (isDryRun) {
    print(`• ${what} would be created. To undo it: ${undo("<its id>")}`);
    return undefined;
  }
  const created = await create();
  print(`✓ ${what} was created. To undo it: ${undo(created)}`);
  return created;
}

async function setUpResources(
  options: SetupOptions,
  target: Target,
): Promise<Resources | undefined> {
  const { api } = options;
  const { databaseName, bucketName, resources } = target;
  const namespaceTitle = `${databaseName}-streams`;
  // The committed configuration would lead wrangler to another account.
  const undo = (command: string) =>
    `npx -y pnpm@12.21.0 exec wrangler ${command} --config ${writeAccountConfig(target)}`;
  const databaseId = await findOrCreate(options, {
    what: `The D1 database ${databaseName}`,
    find: async () => resources?.databaseId ?? (await findDatabase(api, databaseName)),
    create: () => createDatabase(api, databaseName),
    undo: () => undo(`d1 delete ${databaseName}`),
  });
  const bucket = await findOrCreate(options, {
    what: `The R2 bucket ${bucketName}`,
    find: async () => ((await hasBucket(api, bucketName)) ? bucketName : undefined),
    create: async () => {
      await createBucket(api, bucketName);
      return bucketName;
    },
    undo: () => undo(`r2 bucket delete ${bucketName}`),
  });
  const namespaceId = await findOrCreate(options, {
    what: `The KV namespace ${namespaceTitle}`,
    find: async () => resources?.namespaceId ?? (await findNamespace(api, namespaceTitle)),
    create: () => createNamespace(api, namespaceTitle),
    undo: (id) => undo(`kv namespace delete --namespace-id ${id}`),
  });
  if (databaseId === undefined || bucket === undefined || namespaceId === undefined) return;
  return { databaseId, bucketName: bucket, namespaceId };
}

/** @returns the address of the project; undefined on a dry run without one */
async function setUpProject(
  options: SetupOptions,
  { pagesProject }: Target,
): Promise<string | undefined> {
  const { api } = options;
  const { accountId } = api;
  const project = await findOrCreate(options, {
    what: `The Pages project ${pagesProject}`,
    find: () => findProject(api, pagesProject),
    create: () => createProject(api, pagesProject),
    // wrangler reads no configuration for this.
    undo: () =>
      `CLOUDFLARE_ACCOUNT_ID=${accountId} npx -y pnpm@12.21.0 exec wrangler pages project delete ${pagesProject}`,
  });
  return project && `https://${project.subdomain}`;
}

/** After the last creation and before anything is put in, so that a next run finds the same things. */
function remember(
  { api, environment, print }: SetupOptions,
  { pagesProject }: Target,
  resources: Resources,
  site: string | undefined,
): void {
  const earlier = readOperatorFile();
  const same = earlier?.accountId === api.accountId ? earlier : undefined;
  const more = { pagesProject, ...(site !== undefined && { site }), [environment]: resources };
  writeOperatorFile({ accountId: api.accountId, ...same, ...more });
  print(`✓ The ids are in ${operatorPath()}. To undo it: delete the file.`);
}

async function migrateAll(options: SetupOptions): Promise<void> {
  const { api, environment, isDryRun, print } = options;
  const target = readTarget(environment, api.accountId);
  if (!isDryRun) {
    const count = await migrate({ api, target }, print);
    print(
      `✓ The databases have all migrations (${count} new). A migration only adds; the next one corrects it.`,
    );
    return;
  }
  if (!target.resources) return print("• All migrations would be applied.");
  for (const database of target.databases) {
    const pending = await findPending(api, database);
    print(`• ${pending.length} migrations of ${database.binding} would be applied.`);
  }
}

async function deployBoth(options: SetupOptions): Promise<void> {
  const { api, environment, isDryRun, isBuilt, isRecorded, withoutDeployment, print } = options;
  if (withoutDeployment) return;
  const names = Object.keys(readSecrets()).join(", ") || "none: the demo model answers";
  const target = readTarget(environment, api.accountId);
  if (isDryRun) {
    return print(
      `• The worker ${target.workerName} would be deployed (secrets from the environment: ${names}), then the web app.`,
    );
  }
  await deployWorker({ api, target }, { print, isRecorded });
  print(
    `✓ The worker ${target.workerName} is deployed (secrets from the environment: ${names}). To undo it: rollback:api${envOption(environment)}`,
  );
  await deployPages({ api, target }, { print, branch: branchOf(environment), isBuilt });
  const undo = environment === "production" ? "rollback:web" : "deploy:web of an earlier commit";
  print(`✓ The web app is deployed. To undo it: ${undo}`);
}

async function makeFirstAdmin(
  { api, environment, isDryRun, print }: SetupOptions,
  email: string,
): Promise<void> {
  if (isDryRun) return print(`• ${email} would become an administrator.`);
  const { databases, site } = readTarget(environment, api.accountId);
  const home = databases.find(({ binding }) => binding === "HOME")?.database_id ?? "";
  const admins = "SELECT email FROM users WHERE role = 'admin' AND isGuest = 0 LIMIT 1";
  const [admin] = await queryCloud(api, home, [admins], z.object({ email: z.string() }));
  if (admin) return print(`✓ There is an administrator already: ${admin.email}.`);
  const link = newLink(Date.now());
  const statements = sqlForAdmin(email, link);
  const [made] = await queryCloud(api, home, statements, z.object({ email: z.string() }));
  if (!made) {
    return print(
      `• ${email} has an account already: give it the role with user:admin ${email} --remote${envOption(environment)}, which asks first.`,
    );
  }
  const undo = `user:admin ${email} --remove --remote${envOption(environment)}`;
  print(
    `✓ ${email} is the first administrator (to undo it: ${undo}). This link, which works once within a day, chooses the password:\n\n  ${site}${link.path}\n`,
  );
}

function summary({ api, isDryRun, environment }: SetupOptions): string {
  if (isDryRun) return "Nothing was changed.";
  return [
    `${readTarget(environment, api.accountId).site} is set up.`,
    "What it costs: Cloudflare’s Workers Paid plan, $5 a month, which includes 10 million requests, 25 billion",
    "rows read and 50 million written of D1, and 5 GB; R2 and KV have free amounts. Answers cost little beside",
    "it: docs/costs.md names what is counted. The model’s provider is paid apart.",
  ].join("\n");
}
