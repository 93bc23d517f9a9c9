import { defineConfig } from "vitest/config";

/** The scripts themselves: plain Node. */
export default defineConfig({
  test: {
    name: "scripts",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    // Commands are started as they are by a person: each takes its time.
    testTimeout: 60_000,
  },
});
