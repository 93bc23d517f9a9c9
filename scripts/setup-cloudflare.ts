import { parseArgs } from "node:util";
import { z } from "zod";
import { readAddress } from "./lib/accounts.ts";
import { cloudflareApi, listAccounts } from "./lib/cloudflare/api.ts";
import { readEnvironment } from "./lib/cloudflare/branch.ts";
import { findToken } from "./lib/cloudflare/login.ts";
import { setUp } from "./lib/cloudflare/setup.ts";
import { readOperatorFile, readTarget } from "./lib/cloudflare/target.ts";
import { runScript, ScriptError } from "./lib/failure.ts";

// [--env staging] [--account <id>] [--admin <email>] [--dry-run] [--no-deploy] [--built] [--no-record]

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      env: { type: "string" },
      account: { type: "string" },
      admin: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "no-deploy": { type: "boolean", default: false },
      built: { type: "boolean", default: false },
      "no-record": { type: "boolean", default: false },
    },
  });
  const environment = readEnvironment(values.env);
  const adminEmail = values.admin === undefined ? undefined : readAddress(values.admin);
  const token = await findToken(true);
  const accountId = await chooseAccount(token, values.account);
  await setUp({
    api: cloudflareApi({ token, accountId }),
    environment,
    adminEmail,
    isDryRun: values["dry-run"],
    withoutDeployment: values["no-deploy"],
    isBuilt: values.built,
    isRecorded: !values["no-record"],
    print: (line) => console.log(line),
  });
});

/** Chosen once: the operator's file keeps it, and both halves go there. */
async function chooseAccount(token: string, named: string | undefined): Promise<string> {
  const chosen = named ?? process.env.CLOUDFLARE_ACCOUNT_ID ?? readOperatorFile()?.accountId;
  if (chosen) return z.string().parse(chosen);
  const accounts = await listAccounts(token);
  const owners = readTarget("production").accountId;
  const [only, ...others] = accounts.filter(({ id }) => id === owners || accounts.length === 1);
  if (only && others.length === 0) return only.id;
  const lines = accounts.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
  throw new ScriptError(
    `Choose the account with --account <id>:\n${lines || "  (the token sees none)"}`,
  );
}
