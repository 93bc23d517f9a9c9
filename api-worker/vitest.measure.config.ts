import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Measurements in the tests' runtime. They check nothing, and no test run includes them. */
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
