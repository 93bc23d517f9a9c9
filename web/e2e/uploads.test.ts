import type { Request } from "playwright-core";
import { expect, inject } from "vitest";
import {
  answers,
  ask,
  edit,
  expectToFitScreen,
  phone,
  problem,
  questions,
  signUp,
  textbox,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { choose, draftFiles, give, holdUploads, png, text, waitForReady } from "./support/files.ts";
import { networkProblem, test } from "./support/test.ts";

const baseURL = inject("demoUrl");

test("files are chosen, previewed, sent and opened", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  await choose(page, [png("sea.png", 320, 200), text("notes.md", "# A plan\n\nLater.")]);
  await waitForReady(page, 2);
  await ask(page, "What is in these?");
  await waitForAnswer(page, "complete");
  await waitForText(page, "sea.png: image/png");
  await waitForText(page, "It starts with: “# A plan”");
  expect(await draftFiles(page).count()).toBe(0);

  await page.reload();
  const question = questions(page).first();
  const picture = question.getByRole("img", { name: "sea.png" });
  await picture.waitFor();
  expect(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);
  await question.getByRole("link", { name: /notes\.md/ }).waitFor();
  await expectToFitScreen(page);

  await question.getByRole("button", { name: "Open sea.png" }).click();
  const viewer = page.getByRole("dialog");
  await viewer.getByRole("img", { name: "sea.png" }).waitFor();
  const width = () =>
    viewer
      .getByRole("img", { name: "sea.png" })
      .evaluate((img) => Math.round(img.getBoundingClientRect().width));
  const before = await width();
  await page.keyboard.press("+");
  await expect.poll(width).toBeGreaterThan(before);
  await page.keyboard.press("Escape");
  await viewer.waitFor({ state: "detached" });
});

test("files are dropped on the chat, which shows an overlay while they are dragged over it", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  // Like everything in the chat, the heading belongs to the area for files.
  const heading = page.getByRole("main").getByRole("heading").first();
  await give(heading, "drag", [png("a.png")]);
  await page.getByText("Drop files to attach them").waitFor();
  await give(heading, "drop", [png("a.png"), text("b.txt", "b")]);
  await waitForReady(page, 2);
  await page.getByText("Drop files to attach them").waitFor({ state: "detached" });
});

test("a file dropped outside the chat does not replace the page", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await textbox(page).fill("kept");
  const sidebar = page.getByRole("navigation", { name: "Chats" });
  const isRefused = await sidebar.evaluate((element) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["a"], "a.txt"));
    const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    return !element.dispatchEvent(event);
  });
  expect(isRefused).toBe(true);
  expect(await draftFiles(page).count()).toBe(0);
});

test("a picture is pasted, and text from a table stays text", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await give(textbox(page), "paste", [png("image.png")]);
  await waitForReady(page, 1);
  const isLeft = await textbox(page).evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "a\tb");
    clipboardData.setData("text/html", "<table><tr><td>a</td><td>b</td></tr></table>");
    clipboardData.items.add(new File(["x"], "table.png", { type: "image/png" }));
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    return element.dispatchEvent(event);
  });
  expect(isLeft).toBe(true);
  expect(await draftFiles(page).count()).toBe(1);
});

test("ten files can be sent at once, but not eleven", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const files = Array.from({ length: 11 }, (_, index) =>
    index % 2 ? text(`file ${index}.txt`, `content ${index}`) : png(`picture ${index}.png`),
  );
  await choose(page, files);
  await waitForReady(page, 10);
  expect(await problem(page).innerText()).toMatch(
    /up to 10 files to a message. One file was not added/,
  );
  await ask(page, "Ten of them");
  await waitForAnswer(page, "complete");
  const told = answers(page)
    .last()
    .getByRole("listitem")
    .filter({ hasText: /\d bytes/ });
  expect(await told.count()).toBe(10);
  expect(await questions(page).first().getByRole("img").count()).toBe(5);
  expect(await questions(page).first().getByRole("link").count()).toBe(5);
});

test("sending waits for the files, and can be cancelled", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const goOn = await holdUploads(page);
  await choose(page, [text("slow.txt", "slow but sure")]);
  await draftFiles(page, "uploading").waitFor();
  await textbox(page).fill("Wait for it");
  await textbox(page).press("Enter");
  await page.getByRole("button", { name: "Don’t send yet" }).click();
  expect(await questions(page).count()).toBe(0);
  await page.getByRole("button", { name: "Send message" }).click();
  await page.getByRole("button", { name: "Don’t send yet" }).waitFor();
  goOn();
  await waitForAnswer(page, "complete");
  await waitForText(page, "It starts with: “slow but sure”");
});

test("a cancelled upload leaves nothing behind", async ({ visit, expectedProblems }) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const goOn = await holdUploads(page);
  const isUpload = (request: Request) => request.url().includes("uploads.create");
  let requestCount = 0;
  page.on("request", (request) => {
    if (isUpload(request)) requestCount += 1;
  });
  await choose(page, [png("gone.png"), png("stays.png")]);
  await draftFiles(page, "uploading").nth(1).waitFor();
  await expect.poll(() => requestCount).toBe(2);
  // Wait for the browser to abort the request, which could otherwise still arrive.
  await Promise.all([
    page.waitForEvent("requestfailed", isUpload),
    page.getByRole("button", { name: "Cancel the upload of gone.png" }).click(),
  ]);
  goOn();
  await waitForReady(page, 1);
  await page.goto("/settings/files");
  await page.getByRole("link", { name: "stays.png" }).waitFor();
  expect(await page.getByRole("link", { name: "gone.png" }).count()).toBe(0);
});

test("a failed upload says why, and succeeds on a retry", async ({ visit, expectedProblems }) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await page.route(/uploads\.create/, (route) => route.abort());
  await choose(page, [png("try.png")]);
  await draftFiles(page, "failed").waitFor();
  expect(await draftFiles(page).innerText()).toMatch(/Can’t reach the server/);
  await textbox(page).fill("Look");
  await textbox(page).press("Enter");
  await problem(page).filter({ hasText: "couldn’t be uploaded" }).waitFor();
  await page.unroute(/uploads\.create/);
  await page.getByRole("button", { name: "Retry try.png" }).click();
  await waitForReady(page, 1);
  await textbox(page).press("Enter");
  await waitForText(page, "try.png: image/png");
});

test("a refused file gives the reason, and the rest of the draft is kept", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 4\d\d/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await textbox(page).fill("A text that stays");
  const html = Buffer.from("<!doctype html><script>alert(1)</script>");
  await choose(page, [
    { name: "page.txt", mimeType: "text/plain", buffer: html },
    { name: "big.png", mimeType: "image/png", buffer: Buffer.alloc(6 * 1024 * 1024) },
    { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
    text("good.txt", "good"),
  ]);
  await draftFiles(page, "failed").nth(2).waitFor();
  const said = (await draftFiles(page, "failed").allInnerTexts()).join("\n");
  expect(said).toMatch(/Web pages aren’t supported/);
  expect(said).toMatch(/up to 5 MB/);
  expect(said).toMatch(/is empty/);
  expect(await page.getByRole("button", { name: /^Retry / }).count()).toBe(0);
  for (const name of ["page.txt", "big.png", "empty.txt"]) {
    await page.getByRole("button", { name: `Remove ${name}` }).click();
  }
  await waitForReady(page, 1);
  expect(await textbox(page).inputValue()).toBe("A text that stays");
});

test("a draft keeps its files through reloads until they are sent", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await choose(page, [png("kept.png"), text("kept.txt", "kept")]);
  await waitForReady(page, 2);
  await page.reload();
  await waitForReady(page, 2);
  await page.getByRole("button", { name: "Remove kept.txt" }).click();
  await page.reload();
  await waitForReady(page, 1);
  await ask(page, "");
  await waitForText(page, "kept.png: image/png");
  await page.reload();
  await waitForText(page, "kept.png");
  expect(await draftFiles(page).count()).toBe(0);
});

test("an edited question keeps its files", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await choose(page, [png("a.png")]);
  await waitForReady(page, 1);
  await ask(page, "First words");
  await waitForAnswer(page, "complete");
  await edit(page, 0, "Other words");
  await waitForAnswer(page, "complete");
  await waitForText(page, "Other words");
  await waitForText(page, "a.png: image/png");
  await questions(page).first().getByRole("img", { name: "a.png" }).waitFor();
});

test("a model that can't see pictures cannot be chosen for a message with one, and says why", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await choose(page, [png("a.png")]);
  await waitForReady(page, 1);
  await page.getByRole("button", { name: /^Model:/ }).click();
  const option = page.getByRole("option", { name: /text only/ });
  await option.getByText("Can’t see the images you attached").waitFor();
  // A click on a disabled option.
  await option.click({ force: true });
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Model: Demo model", exact: true }).waitFor();

  await page.getByRole("button", { name: "Remove a.png" }).click();
  await page.getByRole("button", { name: /^Model:/ }).click();
  await page.getByRole("option", { name: /text only/ }).click();
  await choose(page, [png("b.png")]);
  await waitForReady(page, 1);
  await problem(page).filter({ hasText: "can’t see images" }).waitFor();
  await textbox(page).fill("Look");
  await textbox(page).press("Enter");
  expect(await questions(page).count()).toBe(0);
});

test("a long text is shortened, and the answer says so", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await choose(page, [text("long.txt", "A line of text.\n".repeat(10_000))]);
  await waitForReady(page, 1);
  await ask(page, "Summarize it");
  await waitForAnswer(page, "complete");
  await waitForText(page, "Only the first 100,000 characters of “long.txt” were read.");
  await page.reload();
  await waitForText(page, "Only the first 100,000 characters of “long.txt” were read.");
});

test("visitors of a public chat see its pictures until it is private again", async ({
  visit,
  expectedProblems,
}) => {
  // The picture, once the chat is private again.
  expectedProblems.push(/status of 404/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await choose(page, [png("shared.png", 40, 30)]);
  await waitForReady(page, 1);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const chatId = page.url().split("/").at(-1) ?? "";
  const setVisibility = (visibility: string) =>
    page.evaluate(
      async (input) => {
        const headers = { "content-type": "application/json" };
        const body = JSON.stringify(input);
        await fetch("/trpc/chats.setVisibility", { method: "POST", headers, body });
      },
      { chatId, visibility },
    );
  await setVisibility("public");
  const reader = (await visit({ baseURL })).page;
  await reader.goto(`/share/${chatId}`);
  const picture = reader.getByRole("img", { name: "shared.png" });
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(40);
  const address = (await picture.getAttribute("src")) ?? "";
  await setVisibility("private");
  expect((await reader.request.get(address)).status()).toBe(404);
});
