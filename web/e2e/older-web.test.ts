import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { buildOlderWeb, findOlderWeb, type OlderWeb } from "../../scripts/lib/older-web.ts";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { type Stack, startStack } from "../../scripts/lib/stack.ts";
import { visitAlive } from "./support/chat.ts";
import * as ownJourney from "./support/journey.ts";
import { networkProblem, test } from "./support/test.ts";

// The web app may be older than the worker for as long as one likes. Here is the last one that was
// another than today's, in front of today's worker (docs/contract.md).

const directory = mkdtempSync(join(tmpdir(), "e2e-older-web-"));
let older: OlderWeb;
let stack: Stack | undefined;
let missing: string | undefined;

beforeAll(async () => {
  const found = findOlderWeb();
  const built = "missing" in found ? found : await buildOlderWeb(found.commit, directory);
  if ("missing" in built) {
    missing = `No older web app: ${built.missing}.`;
    return;
  }
  older = built;
  stack = await startStack({
    port: await findFreePort(),
    stateDir: join(directory, "state"),
    copyOf: inject("emptyStorage"),
    build: { ...inject("build"), ...older },
    vars: { DEMO_TOKENS_PER_SECOND: "200" },
    withoutRateLimits: true,
  });
}, 300_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What people do in the older pages, in the words of these pages. */
async function olderJourney(): Promise<typeof ownJourney> {
  const file = join(older.web, "e2e/support/journey.ts");
  return existsSync(file) ? await import(pathToFileURL(file).href) : ownJourney;
}

test("the web app of an earlier commit works with this worker, and an open page of it outlives the next", async ({
  visit,
  expectedProblems,
  skip,
}) => {
  if (!stack) return skip(missing);
  const journey = await olderJourney();
  const { page } = await visit({ baseURL: stack.url });
  await journey.beginChats(page);

  // The files of the earlier web app go, and its page is still open.
  expectedProblems.push(networkProblem);
  await stack.crash();
  await stack.restart(inject("build"));
  await journey.goOn(page, 9);
  await journey.openLatePart(page);
  const reload = page.getByRole("button", { name: "Reload", exact: true });
  await reload.or(page.getByRole("menu")).first().waitFor();
  expect(await page.getByText("couldn’t be loaded").count()).toBe(0);

  await visitAlive(page, page.url());
  await ownJourney.goOn(page, 11);
  expect(await reload.count()).toBe(0);
});
