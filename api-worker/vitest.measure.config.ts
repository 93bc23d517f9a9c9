import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Measurements in the runtime of the tests. They hold nothing, and no test run has them. */
export default defineConfig(async () => {
  const config = await base();
  return {
    ...config,
    test: {
      ...config.test,
      name: "measure",
      include: ["test/measure/*.ts"],
      testTimeout: 30 * 60_000,
    },
  };
});
