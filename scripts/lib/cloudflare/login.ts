import { z } from "zod";
import { cloudEnv } from "../cloud.ts";
import { ScriptError } from "../failure.ts";
import { rootDir } from "../paths.ts";
import { runCommand, runInTerminal } from "../processes.ts";
import { type CloudflareApi, cloudflareApi } from "./api.ts";
import { type EnvironmentName, readTarget, type Target } from "./target.ts";

/** What a token has to allow, as Cloudflare's dashboard calls it. All are of the account. */
export const tokenPermissions = [
  "Workers Scripts: Edit",
  "D1: Edit",
  "Workers R2 Storage: Edit",
  "Workers KV Storage: Edit",
  "Cloudflare Pages: Edit",
  "Account Settings: Read",
] as const;

const authOutput = z.object({ token: z.string() });

/**
 * Finds the token of the API: CLOUDFLARE_API_TOKEN, or that of wrangler's login.
 *
 * @param canAsk whether the terminal's user may be sent to the browser to log in
 * @throws {ScriptError} without one, with what to do
 */
export async function findToken(canAsk = false): Promise<string> {
  if (process.env.CLOUDFLARE_API_TOKEN) return process.env.CLOUDFLARE_API_TOKEN;
  const token = await tokenOfLogin();
  if (token !== null) return token;
  if (canAsk && process.stdin.isTTY) {
    await runInTerminal("wrangler", ["login"], { cwd: rootDir, env: cloudEnv() });
    const fresh = await tokenOfLogin();
    if (fresh !== null) return fresh;
  }
  throw new ScriptError(
    `Not logged in to Cloudflare. Run \`npx -y pnpm@12.21.0 exec wrangler login\`, or set CLOUDFLARE_API_TOKEN to a token with these permissions:\n${tokenPermissions.map((name) => `  ${name}`).join("\n")}`,
  );
}

/** @returns null when wrangler is not logged in, or the login has ended */
async function tokenOfLogin(): Promise<string | null> {
  const { code, stdout } = await runCommand("wrangler", ["auth", "token", "--json"], {
    cwd: rootDir,
    env: { ...cloudEnv(), WRANGLER_HIDE_BANNER: "true" },
  });
  if (code !== 0) return null;
  try {
    return authOutput.parse(JSON.parse(stdout)).token;
  } catch {
    return null;
  }
}

/** A logged-in operator with the place that a command is about. */
export interface Session {
  readonly api: CloudflareApi;
  readonly target: Target;
}

/** @throws {ScriptError} without a login */
export async function openSession(environment: EnvironmentName): Promise<Session> {
  const target = readTarget(environment);
  const token = await findToken();
  return { api: cloudflareApi({ token, accountId: target.accountId }), target };
}
