import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openRemoteTestTarget, type RemoteTestTarget } from "../test/each-target.ts";
import { rowsIn } from "../test/target-state.ts";
import { readAccount } from "./account.ts";
import { openTarget } from "./open-target.ts";

let opened: RemoteTestTarget;
beforeAll(async () => {
  opened = await openRemoteTestTarget();
});
afterAll(() => opened.close());

/** An operator's file with staging alone. */
beforeEach(() => {
  const { accountId, bucket: bucketName, databaseIds, url, token } = opened.api;
  const file = join(opened.stateDir, "cloudflare.json");
  const staging = { databaseId: databaseIds.content, bucketName, namespaceId: "n" };
  writeFileSync(file, JSON.stringify({ accountId, staging }));
  vi.stubEnv("CLOUDFLARE_FILE", file);
  vi.stubEnv("CLOUDFLARE_API_TOKEN", token);
  vi.stubEnv("CLOUDFLARE_API_BASE_URL", url);
  return () => vi.unstubAllEnvs();
});

test("the account is that of the operator's file, with the environment's database and bucket", async () => {
  const { target, name } = await openTarget({ to: "remote", environment: "staging" });
  expect(name).toContain(`staging of the account ${opened.api.accountId} (database `);
  expect(await rowsIn(target, "SELECT count(*) AS n FROM chats")).toEqual([{ n: 0 }]);
  await target.close();
});

test("an environment that was not set up is told, with what to do", async () => {
  await expect(openTarget({ to: "remote", environment: "production" })).rejects.toThrow(
    `There is no production in the account ${opened.api.accountId} yet: run \`npx`,
  );
});

test("the ids in the operator's file go before those of wrangler.toml", async () => {
  const production = { databaseId: "mine", bucketName: "my-bucket", namespaceId: "n" };
  const file = join(opened.stateDir, "cloudflare.json");
  writeFileSync(file, JSON.stringify({ accountId: "a", production }));
  expect(await readAccount("production")).toEqual({
    accountId: "a",
    databaseIds: { home: "mine", content: "mine" },
    bucket: "my-bucket",
  });
});
