import { defineConfig } from "vitest/config";

/** Tests of the scripts, in plain Node. */
export default defineConfig({
  test: {
    name: "scripts",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    // Tests start real commands, which take time.
    testTimeout: 60_000,
  },
});
