import { defineConfig } from "vitest/config";

/** The product as a person sees it: the production build under the local runtime, in a browser. */
export default defineConfig({
  test: {
    name: "e2e",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./support/global-setup.ts"],
    // Two at a time: most of a test is waiting, and browser, runtime and test share few cores.
    maxWorkers: 2,
    // Files share a worker, and so its browser: a test keeps nothing but in contexts of its own.
    isolate: false,
    // What comes late on a busy machine comes: only what never comes is a failure.
    testTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
