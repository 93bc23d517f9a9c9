import { spawnSync } from "node:child_process";
import { ScriptError } from "../failure.ts";
import { rootDir } from "../paths.ts";
import { productionBranch } from "./resources.ts";
import { type EnvironmentName, environments } from "./target.ts";

/** Where a deployment from this checkout belongs. */
export interface Origin {
  readonly branch: string;
  readonly environment: EnvironmentName;
}

/**
 * Decides where a deployment goes: from `main` to production, from any other branch to staging.
 *
 * @param options `branch` in place of the checkout's; `env` in place of the branch's environment
 * @throws {ScriptError} when the environment has another name, or nothing tells the branch
 */
export function decideOrigin(options: {
  readonly branch?: string | undefined;
  readonly env?: string | undefined;
}): Origin {
  const named = options.env === undefined ? undefined : readEnvironment(options.env);
  const branch = options.branch ?? currentBranch() ?? (named && branchOf(named));
  if (branch === undefined) {
    throw new ScriptError(
      "This is no branch of git, so it is not clear where the deployment goes: say --env production or --env staging.",
    );
  }
  return { branch, environment: named ?? (branch === productionBranch ? "production" : "staging") };
}

/**
 * Reads `--env` of a command that does not depend on the branch.
 *
 * @throws {ScriptError} when there is no such environment
 */
export function readEnvironment(text = "production"): EnvironmentName {
  const environment = environments.find((name) => name === text);
  if (environment) return environment;
  throw new ScriptError(`--env is "${text}", but must be ${environments.join(" or ")}.`);
}

/** The branch that the web app of an environment is deployed from when there is no other. */
export function branchOf(environment: EnvironmentName): string {
  return environment === "production" ? productionBranch : environment;
}

/** @returns undefined outside of git, and when no branch is checked out */
function currentBranch(): string | undefined {
  const { status, stdout } = spawnSync("git", ["symbolic-ref", "--short", "-q", "HEAD"], {
    cwd: rootDir,
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}
