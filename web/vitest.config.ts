import { defineConfig } from "vitest/config";

/** The web app's pure modules. What needs a browser is tested in one, in e2e/. */
export default defineConfig({
  test: { name: "web", root: import.meta.dirname, include: ["{app,dev}/**/*.test.{ts,tsx}"] },
});
