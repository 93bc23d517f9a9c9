import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { makeVapidKeys } from "../scripts/lib/vapid-keys.ts";

const fromRoot = (path: string) => resolve(import.meta.dirname, "..", path);

/** Packages of many modules, bundled because a runtime would load the modules one by one. */
const bundledPackages = [
  "@ai-sdk/google",
  "@block65/webcrypto-web-push",
  "@durable-streams/client",
  "@trpc/client",
  "@trpc/server",
  "@trpc/server/adapters/fetch",
  "ai",
  "db > kysely",
  "db > kysely-d1",
  "expr-eval-fork",
  "file-type",
  "markdown-it",
  "markdown-it-cjk-friendly",
  "unpdf",
  "uuid",
  "zod",
];

/** Tests run inside workerd, on the worker of wrangler.toml with real D1, R2, KV and objects. */
export default defineConfig(async () => {
  const vapid = await makeVapidKeys();
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: fromRoot("wrangler.toml") },
        // The worker, with a chat object that tests can make fail.
        main: fromRoot("api-worker/test/worker.ts"),
        miniflare: {
          // A second content database, so that tests can put two users on different ones.
          d1Databases: { CONTENT_1: "content-1" },
          bindings: {
            HOME_MIGRATIONS: await readD1Migrations(fromRoot("db/migrations/home")),
            CONTENT_MIGRATIONS: await readD1Migrations(fromRoot("db/migrations/content")),
            // Fast, but slow enough for a test to act in the middle of an answer.
            DEMO_TOKENS_PER_SECOND: "1000",
            // No server listens there, so tests call no service on the network.
            WEATHER_API_URL: "http://127.0.0.1:9",
            WEATHER_GEOCODING_URL: "http://127.0.0.1:9",
            VAPID_PUBLIC_KEY: vapid.publicKey,
            VAPID_PRIVATE_KEY: vapid.privateKey,
            VAPID_SUBJECT: "mailto:operator@example.com",
            // How many random runs, and the seed of the first; see randomised.test.ts.
            RANDOM_RUNS: process.env.RANDOM_RUNS ?? "200",
            RANDOM_SEED: process.env.RANDOM_SEED ?? "",
          },
        },
      }),
    ],
    test: {
      name: "api-worker",
      root: import.meta.dirname,
      globalSetup: ["./test/aimock.ts", "./test/push-services.ts", "./test/turnstile.ts"],
      setupFiles: ["./test/setup.ts"],
      deps: { optimizer: { ssr: { enabled: true, include: bundledPackages } } },
      include: ["src/**/*.test.ts"],
      // Test files share a runtime, because starting one takes three seconds. test/setup.ts removes
      // what a file leaves behind.
      isolate: false,
      // Three, because a runtime spends part of its time waiting for disk and timers.
      maxWorkers: 3,
      // A busy machine is slow, which is not a failure. Only a test that hangs may time out.
      testTimeout: 30_000,
    },
  };
});
