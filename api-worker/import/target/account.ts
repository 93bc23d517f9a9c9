import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ImportFailure } from "../failure.ts";
import { rootDir } from "../root-dir.ts";

const account = z.object({
  accountId: z.string(),
  databaseIds: z.object({ home: z.string(), content: z.string() }),
  bucket: z.string(),
});
/** What the import writes to in an account of Cloudflare. */
export type Account = z.infer<typeof account>;

/**
 * Reads which account and which databases belong to an environment: those of the operator's file
 * `cloudflare.json`, or of wrangler.toml.
 *
 * @throws {ImportFailure} when nothing was set up there
 */
export async function readAccount(environment: "production" | "staging"): Promise<Account> {
  // A process of its own: the library that knows the format of wrangler.toml takes 200 MB of memory.
  const script = join(rootDir, "scripts/lib/cloudflare/print-target.ts");
  const options = { cwd: rootDir, env: { ...process.env, WRANGLER_SEND_METRICS: "false" } };
  try {
    const args = [script, "--env", environment];
    const { stdout } = await promisify(execFile)(process.execPath, args, options);
    return account.parse(JSON.parse(stdout));
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    if (stderr) throw new ImportFailure(stderr.trim());
    throw error;
  }
}
