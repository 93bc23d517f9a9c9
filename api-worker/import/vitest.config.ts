import { defineConfig } from "vitest/config";

/** Tests of the import from the old stack, in plain Node. */
export default defineConfig({
  test: {
    name: "import",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./test/global-setup.ts"],
    // Nothing runs beside them, see whole-run.ts.
    maxWorkers: 2,
    // Tests start a Postgres and a local runtime, which take time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
