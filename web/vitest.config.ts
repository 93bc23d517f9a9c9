import { defineConfig } from "vitest/config";

/** Tests of the web app's pure modules. The tests in e2e/ run in a browser. */
export default defineConfig({
  test: {
    name: "web",
    root: import.meta.dirname,
    include: ["{app,dev,pages}/**/*.test.{ts,tsx}"],
    // Tests that count the steps of rendering are slow on a busy machine.
    testTimeout: 30_000,
  },
});
