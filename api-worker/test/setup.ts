import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect } from "vitest";
import { takeErrors, takeInfos, watchLogs } from "./logs.ts";

await applyD1Migrations(env.HOME, env.HOME_MIGRATIONS, "migrations_home");
for (const content of [env.CONTENT_0, env.CONTENT_1]) {
  await applyD1Migrations(content, env.CONTENT_MIGRATIONS, "migrations_content");
}

watchLogs();
beforeEach(() => {
  takeInfos();
});
afterEach(() => {
  const unexpected = takeErrors().map(({ text }) => text);
  expect(unexpected, "nothing logs an error that the test did not take").toEqual([]);
});
