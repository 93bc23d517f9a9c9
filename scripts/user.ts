import { parseArgs } from "node:util";
import {
  createAdmin,
  createResetLink,
  findAccount,
  linkLifeHours,
  readAddress,
  setRole,
} from "./lib/accounts.ts";
import { readEnvironment } from "./lib/cloudflare/branch.ts";
import { openSession } from "./lib/cloudflare/login.ts";
import { envOption } from "./lib/cloudflare/target.ts";
import { confirm } from "./lib/confirm.ts";
import { type Databases, openCloudDatabases, openLocalDatabases } from "./lib/d1.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { readSettings } from "./lib/settings.ts";
import { migrateLocally } from "./lib/wrangler.ts";

// admin <email> [--remove] [--yes] | reset <email>; both with [--remote [--env staging]]
// [--site <address>]

interface Options {
  readonly databases: Databases;
  /** What follows a command so that it works on the same databases. */
  readonly where: string;
  /** The web app's address, without a slash at the end. */
  readonly site: string;
  readonly isYes: boolean;
}

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      remote: { type: "boolean", default: false },
      env: { type: "string" },
      remove: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      site: { type: "string" },
    },
  });
  const [task, address, ...others] = positionals;
  if ((task !== "admin" && task !== "reset") || others.length > 0) {
    throw new ScriptError("Say what to do: admin <email> or reset <email>.");
  }
  const email = readAddress(address);
  const options = await optionsOf(values);
  try {
    if (task === "reset") await resetPassword(email, options);
    else if (values.remove) await removeAdmin(email, options);
    else await makeAdmin(email, options);
  } finally {
    await options.databases.close();
  }
});

async function optionsOf({
  remote,
  env,
  yes: isYes,
  site,
}: {
  readonly remote: boolean;
  readonly env?: string | undefined;
  readonly yes: boolean;
  readonly site?: string | undefined;
}): Promise<Options> {
  if (remote) {
    const environment = readEnvironment(env);
    const session = await openSession(environment);
    return {
      databases: openCloudDatabases(session),
      where: ` --remote${envOption(environment)}`,
      // The address that Pages gives to the project. A domain of one's own is named with --site.
      site: readSite(site ?? session.target.site),
      isYes,
    };
  }
  if (env !== undefined) throw new ScriptError("--env goes with --remote.");
  const { webPort, stateDir } = readSettings();
  const address = readSite(site ?? `http://localhost:${webPort}`);
  await migrateLocally(stateDir);
  return { databases: await openLocalDatabases(stateDir), where: "", site: address, isYes };
}

function readSite(text: string): string {
  if (!URL.canParse(text)) throw new ScriptError(`"${text}" is no address: write https://…`);
  return new URL(text).origin;
}

async function resetPassword(email: string, { databases, site }: Options): Promise<void> {
  const path = await createResetLink(databases, email, Date.now());
  printLink(`Give this link to the owner of ${email}`, site + path);
}

async function makeAdmin(email: string, { databases, where, site, isYes }: Options): Promise<void> {
  const account = await findAccount(databases, email);
  if (!account) {
    if (!isYes) await confirm(`There is no account ${email}. Create it as an administrator?`);
    const path = await createAdmin(databases, email, Date.now());
    console.log(`${email} is an administrator.`);
    return printLink("Open this link to choose the account's password", site + path);
  }
  if (account.role === "admin") return console.log(`${email} is an administrator already.`);
  const day = new Date(account.createdAt).toISOString().slice(0, 10);
  const question = `The account ${email} began on ${day}. Anyone can sign up with any address: make sure that it is its owner's. Make it an administrator?`;
  if (!isYes) await confirm(question);
  await setRole(databases, email, "admin");
  console.log(`${email} is an administrator. To undo it: user:admin ${email} --remove${where}`);
}

async function removeAdmin(email: string, { databases }: Options): Promise<void> {
  await setRole(databases, email, "user");
  console.log(`${email} is no administrator any more. The account and its chats stay.`);
}

function printLink(purpose: string, link: string): void {
  console.log(`${purpose}. It works once, within ${linkLifeHours} hours:\n\n  ${link}\n`);
}
