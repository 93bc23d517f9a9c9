import { resolve } from "node:path";
import { ImportFailure } from "../failure.ts";
import type { Target } from "../model.ts";
import type { ImportOptions } from "../options.ts";
import { rootDir } from "../root-dir.ts";
import { readAccount } from "./account.ts";
import { openLocalTarget } from "./local.ts";
import { openRemoteTarget } from "./remote.ts";

/**
 * Opens the target that the command line names. The local one is in `STATE_DIR`, the account's is
 * reached with `CLOUDFLARE_API_TOKEN`.
 *
 * @returns also the target's name, for people
 * @throws {ImportFailure} with what to do
 */
export async function openTarget(
  { to, environment: part }: Pick<ImportOptions, "to" | "environment">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly target: Target; readonly name: string }> {
  if (to === "local") {
    const stateDir = resolve(rootDir, environment.STATE_DIR || ".wrangler/state");
    return { target: await openLocalTarget({ stateDir }), name: `this machine (${stateDir})` };
  }
  const token = environment.CLOUDFLARE_API_TOKEN;
  if (!token) {
    throw new ImportFailure(
      "Set CLOUDFLARE_API_TOKEN to a token with the permissions D1 Edit and Workers R2 Storage Edit.",
    );
  }
  const account = await readAccount(part);
  const apiUrl = environment.CLOUDFLARE_API_BASE_URL;
  const option = part === "staging" ? " --env staging" : "";
  const target = await openRemoteTarget({
    ...{ ...account, token, ...(apiUrl && { apiUrl }) },
    migrateCommand: `npx -y pnpm@12.21.0 db:migrate --remote${option}`,
  });
  const { accountId, databaseIds } = account;
  return { target, name: `${part} of the account ${accountId} (database ${databaseIds.content})` };
}
