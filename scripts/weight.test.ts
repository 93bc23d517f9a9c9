import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundleWorker } from "./lib/build.ts";
import { givenPreparation } from "./lib/prepare.ts";
import { weightLimits, weighWorker } from "./lib/weight.ts";

test("the worker's upload stays below its ceiling", async () => {
  const directory = mkdtempSync(join(tmpdir(), "worker-weight-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const bundle = givenPreparation()?.build.worker ?? (await bundleWorker(directory));
  const bytes = weighWorker(bundle);
  // A very small size would mean that nothing was measured.
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(weightLimits.worker);
});
