import { defineConfig } from "vitest/config";

/** The product as users see it: the production build under the local runtime, in a browser. */
export default defineConfig({
  test: {
    name: "e2e",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./support/global-setup.ts"],
    // Two files at a time: tests mostly wait, and browser, runtime and tests share few cores.
    maxWorkers: 2,
    // Files share a worker and its browser: a test keeps state only in browser contexts of its own.
    isolate: false,
    // Generous, because on a busy machine everything takes longer; only what never happens should
    // fail.
    testTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
