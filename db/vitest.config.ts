import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const here = (path: string) => resolve(import.meta.dirname, path);

/** Tests run inside workerd on real D1 databases, one for home and one for content. */
export default defineConfig(async () => ({
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: "2026-10-15",
        compatibilityFlags: ["nodejs_compat"],
        d1Databases: { HOME: "home", CONTENT: "content" },
        bindings: {
          HOME_MIGRATIONS: await readD1Migrations(here("migrations/home")),
          CONTENT_MIGRATIONS: await readD1Migrations(here("migrations/content")),
        },
      },
    }),
  ],
  test: {
    name: "db",
    root: import.meta.dirname,
    setupFiles: ["./test/setup.ts"],
    include: ["src/**/*.test.ts"],
    testTimeout: 30_000,
  },
}));
