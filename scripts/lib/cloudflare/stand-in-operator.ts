/** An operator with the stand-in of Cloudflare's API, for tests: runs commands as a person does. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScriptError } from "../failure.ts";
import { fromRoot, nodePath, rootDir } from "../paths.ts";
import { cloudflareApi } from "./api.ts";
import { type SetupOptions, setUp } from "./setup.ts";
import { type StandIn, standInAccount, standInToken, startCloudflareStandIn } from "./stand-in.ts";
import type { OperatorFile, Resources } from "./target.ts";

/** What a command came to. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

export interface Operator {
  readonly cloudflare: StandIn;
  /** Path of the file with the operator's ids. */
  readonly file: string;
  /** Runs a script with a token and without a login. */
  run(script: string, ...args: string[]): Promise<Outcome>;
  /** Runs another program in the same environment. */
  start(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
  /** Sets up the stand-in's account in this process, without deploying. */
  setUp(options?: Partial<SetupOptions>): Promise<Outcome>;
  /** What the file holds. */
  remembered(): OperatorFile & { readonly production: Resources };
  stop(): Promise<void>;
}

/** Starts the stand-in. Until its end, this process has the operator's environment too. */
export async function startOperator(): Promise<Operator> {
  const directory = mkdtempSync(join(tmpdir(), "operator-"));
  const file = join(directory, "cloudflare.json");
  const cloudflare = await startCloudflareStandIn();
  const before = { ...process.env };
  delete process.env.CLOUDFLARE_ACCOUNT_ID;
  Object.assign(process.env, {
    CLOUDFLARE_API_BASE_URL: cloudflare.url,
    CLOUDFLARE_API_TOKEN: standInToken,
    CLOUDFLARE_FILE: file,
    CLOUDFLARE_RETRY_MS: "1",
    GOOGLE_GENERATIVE_AI_API_KEY: "a-key",
    WRANGLER_LOG_PATH: directory,
  });
  return {
    cloudflare,
    file,
    run: (script, ...args) => start(nodePath, [fromRoot("scripts", script), ...args]),
    start,
    setUp: setUpHere,
    remembered: () => JSON.parse(readFileSync(file, "utf8")),
    stop: async () => {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, before);
      await cloudflare.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function start(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  const child = spawn(program, args, { cwd: rootDir, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number>((resolve) => {
    child.once("close", (status) => resolve(status ?? 1));
  });
  return { code, output };
}

async function setUpHere(options: Partial<SetupOptions> = {}): Promise<Outcome> {
  const lines: string[] = [];
  try {
    await setUp({
      api: cloudflareApi({ token: standInToken, accountId: standInAccount }),
      environment: "production",
      isDryRun: false,
      withoutDeployment: true,
      adminEmail: undefined,
      isBuilt: true,
      isRecorded: false,
      print: (line) => lines.push(line),
      ...options,
    });
    return { code: 0, output: lines.join("\n") };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { code: 1, output: [...lines, error.message].join("\n") };
  }
}
