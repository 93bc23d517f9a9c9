import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "vitest";
import { startBlobServer } from "../../api-worker/import/test/blob-server.ts";
import { fillLifelike, lifelike } from "../../api-worker/import/test/fixtures/lifelike.ts";
import { createSchema } from "../../api-worker/import/test/fixtures/schema.ts";
import { startPostgres } from "../../api-worker/import/test/postgres.ts";
import { startPostgresServer } from "../../api-worker/import/test/postgres-server.ts";
import { rootDir } from "../../scripts/lib/paths.ts";
import { answers, ask, logIn, questions, waitForAnswer } from "./support/chat.ts";
import { ownStack } from "./support/own-stack.ts";
import { test } from "./support/test.ts";

/** Imports an old deployment with `pnpm import:vercel`. */
async function importOld(stateDir: string): Promise<void> {
  const blob = await startBlobServer();
  blob.files.set("/photo.png", { bytes: lifelike.picture, mediaType: "image/png" });
  const server = await startPostgresServer();
  const postgres = await startPostgres(server.url);
  try {
    await postgres.run(createSchema("newest"));
    await postgres.run(fillLifelike(blob.urlOf("")));
    const args = ["--from", postgres.url, "--to", "local", "--blob-host", blob.host];
    const command = ["api-worker/import/main.ts", ...args, "--report", `${stateDir}/report`];
    // It fails with what was printed when the exit code is not 0.
    await promisify(execFile)(process.execPath, command, {
      cwd: rootDir,
      env: { ...process.env, STATE_DIR: stateDir },
    });
  } finally {
    await postgres.stop();
    await server.stop();
    await blob.close();
  }
}

const stack = ownStack("import", () => ({ DEMO_TOKENS_PER_SECOND: "200" }), importOld);

test("an imported account goes on where it was", async ({ visit }) => {
  const { page } = await visit({ baseURL: stack().url });
  await logIn(page, lifelike.account);

  // Its chat, with the picture and the vote.
  await page.getByRole("link", { name: lifelike.chatTitle }).click();
  await questions(page).filter({ hasText: lifelike.question }).waitFor();
  const picture = page.getByRole("img", { name: lifelike.pictureName });
  await expect
    .poll(() => picture.first().evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
  await answers(page).filter({ hasText: lifelike.answer }).waitFor();
  await page.getByRole("button", { name: "Good answer", pressed: true }).waitFor();

  // The document, at the version that its message made; and the one that was edited by hand.
  await page
    .getByRole("button", { name: new RegExp(lifelike.documentTitle) })
    .first()
    .click();
  await page.getByText(lifelike.editedText).waitFor();

  // An old word is found.
  await page.keyboard.press("ControlOrMeta+k");
  const dialog = page.getByRole("dialog", { name: "Search chats" });
  await dialog.getByRole("combobox", { name: "Search chats" }).fill(lifelike.rareWord);
  await expect
    .poll(() => dialog.getByRole("option").count(), { timeout: 60_000 })
    .toBeGreaterThan(0);
  await page.keyboard.press("Escape");

  // And the conversation goes on.
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await page.reload();
  await questions(page).filter({ hasText: "count to 3" }).waitFor();
  await questions(page).filter({ hasText: lifelike.question }).waitFor();
});
