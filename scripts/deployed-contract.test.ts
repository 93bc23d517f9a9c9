import { expect, onTestFinished, test } from "vitest";
import { cloudflareApi } from "./lib/cloudflare/api.ts";
import { standInAccount, standInToken, startCloudflareStandIn } from "./lib/cloudflare/stand-in.ts";
import { readTarget } from "./lib/cloudflare/target.ts";
import type { Procedure, Snapshot } from "./lib/contract/contract.ts";
import { findDeployedVersions, refuseWeb } from "./lib/contract/deployed-contract.ts";

const listChats: Procedure = {
  kind: "query",
  input: null,
  isInputOptional: true,
  output: { type: "array", items: { type: "string" } },
};

function contractOf(version: string, ...paths: string[]): Snapshot {
  const procedures = Object.fromEntries(paths.map((path) => [path, listChats]));
  return { version, deployedOn: "2026-11-29", procedures, objects: {} };
}

const needed = contractOf("b", "chats.list", "chats.archive");
const older = contractOf("a", "chats.list");
const larger = contractOf("c", "chats.list", "chats.archive", "chats.draw");

test.each([
  ["that has its contract", ["b"]],
  ["that has more than it needs", ["c"]],
  ["of which two versions run, both with what it needs", ["b", "c"]],
])("a web app goes in front of a worker %s", (_, found) => {
  expect(refuseWeb(needed, found, [larger, older])).toBeNull();
});

test.each([
  [
    "with an older contract, and is told what it lacks",
    ["a"],
    "The deployed worker has contract a of 2026-11-29, which lacks what this web app needs of: chats.archive. Run deploy:api first.",
  ],
  [
    "of which one version has an older contract",
    ["b", "a"],
    "The deployed worker has contract a of 2026-11-29, which lacks what this web app needs of: chats.archive. Run deploy:api first.",
  ],
  [
    "with a contract that the checkout does not know",
    ["x"],
    "The deployed worker names contract x, and this web app needs b. Run deploy:api from this checkout first. If the worker is newer than this checkout, update the checkout, or pass --any-contract.",
  ],
  [
    "that names no contract",
    [null],
    "The deployed worker names no contract, and this web app needs b. Run deploy:api from this checkout first. If the worker is newer than this checkout, update the checkout, or pass --any-contract.",
  ],
  ["that is not deployed", [], "No worker is deployed. Run deploy:api first."],
])("a web app does not go in front of a worker %s", (_, found, sentence) => {
  expect(refuseWeb(needed, found, [larger, older])).toBe(sentence);
});

async function startSession(token = standInToken) {
  const cloudflare = await startCloudflareStandIn();
  onTestFinished(() => cloudflare.stop());
  const account = { token, accountId: standInAccount, baseUrl: cloudflare.url, pauseMs: 1 };
  return {
    workers: cloudflare.state.workers,
    session: { api: cloudflareApi(account), target: readTarget("production") },
  };
}

test("the contract of the deployed worker is the tag of each version that gets requests", async () => {
  const { workers, session } = await startSession();
  const tag = (text: string) => ({ bindings: [], annotations: { "workers/tag": text } });
  workers.set("alleato-ai-chat", {
    uploads: [tag("contract-0a1b"), { bindings: [] }, tag("contract-old"), tag("by-hand")],
    deployments: [{ v3: 100 }, { v1: 60, v2: 30, v4: 10, v3: 0 }],
    crons: undefined,
  });
  expect(await findDeployedVersions(session)).toEqual(["0a1b", null, null]);
});

test("a worker that is not there has no contract, and another failure is told", async () => {
  expect(await findDeployedVersions((await startSession()).session)).toEqual([]);
  const { session } = await startSession("a wrong token");
  await expect(findDeployedVersions(session)).rejects.toThrow("Authentication error [code: 10000]");
});
