import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { findFreePort } from "../../../scripts/lib/ports.ts";
import { givenPreparation } from "../../../scripts/lib/prepare.ts";
import { startWorker } from "../../../scripts/lib/worker.ts";
import { makeToken } from "./account.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the worker, without a trailing slash. */
    workerUrl: string;
    /** An API token with the scope `streams`. */
    token: string;
  }
}

/** Short, so that a test that waits for nothing ends soon. */
const waitSeconds = "1";

/** Starts only the worker, on its own storage, and creates an account with a token. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "conformance-"));
  const settings = {
    port: await findFreePort(),
    stateDir: directory,
    vars: { OPEN_STREAM_WAIT_SECONDS: waitSeconds },
  };
  const worker = await startWorker(settings, givenPreparation());
  project.provide("workerUrl", worker.url);
  project.provide("token", await makeToken(worker.url));
  return async () => {
    await worker.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}
