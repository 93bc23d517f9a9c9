import type { TestProject } from "vitest/node";
import { startTurnstileStandIn } from "../../scripts/lib/turnstile-stand-in.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Origin of a server that speaks Turnstile's protocol. */
    turnstileUrl: string;
  }
}

/** Runs the stand-in beside a test run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startTurnstileStandIn();
  project.provide("turnstileUrl", url);
  return stop;
}
