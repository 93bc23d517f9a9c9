import { existsSync, readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { standInAccount } from "./lib/cloudflare/stand-in.ts";
import { type Operator, startOperator } from "./lib/cloudflare/stand-in-operator.ts";
import { readMigrations } from "./lib/migration-files.ts";

// The steps of the set-up up to the deployments, in this process. `deploy.test.ts` runs the command.

let operator: Operator;
beforeEach(async () => {
  operator = await startOperator();
});
afterEach(() => operator.stop());

const migrationCount = readMigrations().size;
const adminEmail = "ada@example.com";

/** The ledgers of the only database. */
function applied(): unknown[] {
  const [database] = operator.cloudflare.state.databases.values();
  return ["migrations_home", "migrations_content"].flatMap(
    (table) => database?.sqlite.prepare(`SELECT name FROM ${table}`).all() ?? [],
  );
}

test("a dry run changes nothing, and says what would be done and how to undo it", async () => {
  const { code, output } = await operator.setUp({
    ...{ isDryRun: true, withoutDeployment: false, adminEmail },
  });
  expect(output).toContain("• The D1 database alleato-chat would be created. To undo it: npx");
  expect(output).toContain("Nothing was changed.");
  expect(code).toBe(0);
  expect(operator.cloudflare.calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
  expect(existsSync(operator.file)).toBe(false);
});

test("from nothing, again, and for an account that is not the owner's", async () => {
  const first = await operator.setUp({ adminEmail });
  expect(first.output).toContain("https://alleato-chat.pages.dev is set up.");
  expect(first.output).toMatch(/https:\/\/alleato-chat\.pages\.dev\/reset#[\w-]+\.[\w-]{43}\n/);
  expect(first.code).toBe(0);
  expect(applied()).toHaveLength(migrationCount);
  const [[databaseId, database] = []] = operator.cloudflare.state.databases;
  const [[namespaceId] = []] = operator.cloudflare.state.namespaces;
  expect(operator.remembered()).toEqual({
    accountId: standInAccount,
    pagesProject: "alleato-chat",
    site: "https://alleato-chat.pages.dev",
    production: { databaseId, namespaceId, bucketName: "alleato" },
  });
  const users = database?.sqlite.prepare("SELECT email, role, passwordHash FROM users").all();
  expect(users).toEqual([{ email: adminEmail, role: "admin", passwordHash: null }]);

  operator.cloudflare.calls.length = 0;
  const second = await operator.setUp({ adminEmail });
  expect(second.output).toContain("There is an administrator already: ada@example.com.");
  expect(operator.cloudflare.calls.filter((call) => !/^GET|\/query$/.test(call))).toEqual([]);
  // Lost, or on another computer: all is found by its name.
  rmSync(operator.file);
  expect((await operator.setUp()).code).toBe(0);
  expect(operator.remembered().production.databaseId).toBe(databaseId);
  expect(operator.cloudflare.state.databases.size).toBe(1);
});

test("what undoes a step names the account, and follows no committed id", async () => {
  const { output } = await operator.setUp({ environment: "staging", adminEmail });
  const [[namespaceId] = []] = operator.cloudflare.state.namespaces;
  const [, file = ""] =
    /exec wrangler d1 delete alleato-chat-staging --config (\S+)$/m.exec(output) ?? [];
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    name: "alleato-ai-chat-staging",
    account_id: standInAccount,
    compatibility_date: expect.any(String),
  });
  expect(output).toContain(`kv namespace delete --namespace-id ${namespaceId} --config ${file}`);
  expect(output).toContain(
    `CLOUDFLARE_ACCOUNT_ID=${standInAccount} npx -y pnpm@12.21.0 exec wrangler pages project delete`,
  );
  expect(output).toContain("user:admin ada@example.com --remove --remote --env staging");
  expect(output).toContain("https://staging.alleato-chat.pages.dev/reset#");
});

test("it goes on where it was stopped, whichever step fails", async () => {
  const steps = [
    /^POST \/d1\/database$/,
    /^POST \/r2\/buckets$/,
    /^POST \/storage\/kv\/namespaces$/,
    /^POST \/pages\/projects$/,
    /^POST .*\/import ingest$/,
  ];
  for (const call of steps) {
    operator.cloudflare.failOnce({ call, status: 500, code: 10013, message: "An unknown error" });
    const stopped = await operator.setUp();
    expect([stopped.code, stopped.output]).toEqual([1, expect.stringContaining("[code: 10013]")]);
  }
  // A read that fails is repeated.
  const call = /^GET \/workers\/subdomain$/;
  operator.cloudflare.failOnce({ call, status: 500, code: 10013, message: "An unknown error" });
  const { output, code } = await operator.setUp();
  expect([code, output]).toEqual([0, expect.stringContaining("is set up.")]);
  const { databases, buckets, namespaces, projects } = operator.cloudflare.state;
  expect([databases.size, buckets.size, namespaces.size, projects.size]).toEqual([1, 1, 1, 1]);
  expect(applied()).toHaveLength(migrationCount);
});

test("R2 and the workers.dev subdomain are missed with Cloudflare's words and the page", async () => {
  operator.cloudflare.state.hasR2 = false;
  const withoutR2 = await operator.setUp();
  expect(withoutR2.output).toContain(
    "Please enable R2 through the Cloudflare Dashboard. [code: 10042]",
  );
  expect(withoutR2.output).toContain(`https://dash.cloudflare.com/${standInAccount}/r2/overview`);
  operator.cloudflare.state.hasR2 = true;
  operator.cloudflare.state.subdomain = null;
  const withoutSubdomain = await operator.setUp();
  expect(withoutSubdomain.output).toContain("[code: 10063]");
  expect(withoutSubdomain.output).toContain(`${standInAccount}/workers/onboarding`);
  expect([withoutR2.code, withoutSubdomain.code]).toEqual([1, 1]);
  expect(operator.cloudflare.state.databases.size).toBe(0);
});

test("the command tells of a token that is refused, and of an environment that does not exist", async () => {
  operator.cloudflare.failOnce({
    call: /./,
    status: 403,
    code: 10000,
    message: "Authentication error",
  });
  const account = ["--account", standInAccount];
  expect(await operator.run("setup-cloudflare.ts", ...account, "--dry-run")).toEqual({
    code: 1,
    output: expect.stringContaining("Authentication error [code: 10000]"),
  });
  expect(await operator.run("setup-cloudflare.ts", "--env", "test")).toEqual({
    code: 1,
    output: '--env is "test", but must be production or staging.\n',
  });
});
