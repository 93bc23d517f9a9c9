import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import {
  ask,
  chatRows,
  openNewChat,
  phone,
  problem,
  questions,
  signUp,
  textbox,
  waitForAnswer,
} from "./support/chat.ts";
import { choose, draftFiles, holdUploads, png, text, waitForReady } from "./support/files.ts";
import { networkProblem, test } from "./support/test.ts";

const baseURL = inject("demoUrl");

const openChat = (page: Page, title: string) =>
  chatRows(page).filter({ hasText: title }).getByRole("link").first().click();

test("an upload continues while another chat is shown, in a new chat and in one just started", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "say first");
  await waitForAnswer(page, "complete");
  await openNewChat(page);
  const goOn = await holdUploads(page);
  await choose(page, [text("new.txt", "of a new chat")]);
  await draftFiles(page, "uploading").waitFor();

  await openChat(page, "say first");
  await questions(page).first().waitFor();
  await expect.poll(() => draftFiles(page).count()).toBe(0);
  await choose(page, [text("other.txt", "of the other chat")]);
  await openNewChat(page);
  await draftFiles(page, "uploading").filter({ hasText: "new.txt" }).waitFor();
  goOn();
  await waitForReady(page, 1);
  await ask(page, "say second");
  await waitForAnswer(page, "complete");
  await questions(page).getByText("new.txt").waitFor();

  // Meanwhile the chat has got its address.
  await choose(page, [text("late.txt", "late")]);
  await waitForReady(page, 1);
  await openChat(page, "say first");
  await draftFiles(page, "ready").filter({ hasText: "other.txt" }).waitFor();
  await openChat(page, "say second");
  await draftFiles(page, "ready").filter({ hasText: "late.txt" }).waitFor();
  await openNewChat(page);
  await expect.poll(() => draftFiles(page).count()).toBe(0);
});

test("a message that waits for its files is not sent when one of them is removed", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const goOn = await holdUploads(page);
  await choose(page, [text("out.txt", "out"), text("in.txt", "in")]);
  await draftFiles(page, "uploading").nth(1).waitFor();
  await textbox(page).fill("Both of them");
  await textbox(page).press("Enter");
  await page.getByRole("button", { name: "Don’t send yet" }).waitFor();
  await page.getByRole("button", { name: "Cancel the upload of out.txt" }).click();
  goOn();
  await waitForReady(page, 1);
  await page.getByRole("button", { name: "Send message" }).waitFor();
  expect(await questions(page).count()).toBe(0);
  expect(await textbox(page).inputValue()).toBe("Both of them");
  await page.getByRole("button", { name: "Send message" }).click();
  await waitForAnswer(page, "complete");
  await questions(page).getByText("in.txt").waitFor();
});

test("a file that is already attached is left out, with a notice", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await choose(page, [png("same.png")]);
  await waitForReady(page, 1);
  await choose(page, [{ ...png("same.png"), name: "copy.png" }]);
  await problem(page).filter({ hasText: "“copy.png” is identical to “same.png”" }).waitFor();
  await waitForReady(page, 1);
  await page.getByRole("button", { name: "Remove same.png" }).click();
  expect(await draftFiles(page).count()).toBe(0);
});

test("a failed file is scrolled into view, also among many on a phone", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone });
  await signUp(page);
  const others = ["a", "b", "c", "d"].map((name) => text(`${name}.txt`, name));
  await choose(page, [...others, text("empty.txt", "")]);
  const failed = draftFiles(page, "failed");
  await failed.getByText("This file is empty.").waitFor();
  const list = await page.getByRole("list", { name: "Attached files" }).boundingBox();
  const bottomOf = async () => {
    const box = await failed.boundingBox();
    return (box?.y ?? Number.NaN) + (box?.height ?? 0);
  };
  await expect.poll(bottomOf).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0) + 1);
});

test("an upload without a session leads to the login page, and the text is kept", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(/status of 401/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  await textbox(page).fill("kept");
  const error = {
    message: "Log in to continue.",
    code: -32001,
    data: { errorCode: "UNAUTHENTICATED", httpStatus: 401, requestId: "1" },
  };
  await page.route(/uploads\.create/, (route) => route.fulfill({ status: 401, json: { error } }));
  // Before the page leads to the login page, it asks whether the session still exists.
  await page.route(/auth\.me/, (route) => route.fulfill({ json: { result: { data: null } } }));
  const login = page.waitForRequest(
    (request) => request.isNavigationRequest() && new URL(request.url()).pathname === "/login",
  );
  await choose(page, [text("a.txt", "a")]);
  await login;
  // The session is still valid, so the login page leads back.
  await expect.poll(() => textbox(page).inputValue()).toBe("kept");
});

test("an upload without a login gets a response, although its body is not parsed", async () => {
  for (const size of [10, 3 * 1024 * 1024]) {
    const body = new FormData();
    body.append("file", new File(["a".repeat(size)], "a.txt"));
    const response = await fetch(`${baseURL}/trpc/uploads.create`, { method: "POST", body });
    expect(response.status).toBe(401);
    await response.text();
  }
}, 30_000);

test("an upload refused before it is read gets a sentence", async ({ visit, expectedProblems }) => {
  expectedProblems.push(/status of 400/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const answer = await page.evaluate(async () => {
    const response = await fetch("/trpc/uploads.create", {
      method: "POST",
      body: "a".repeat(1024 * 1024),
      // Without a boundary.
      headers: { "content-type": "multipart/form-data" },
    });
    return `${response.status} ${await response.text()}`;
  });
  expect(answer).toMatch(/^400 .*couldn’t be read/);
}, 60_000);

test("an upload refused midway gets a sentence", async ({ visit, expectedProblems }) => {
  expectedProblems.push(/status of 400/, /status of 413/);
  const { page } = await visit({ baseURL });
  await signUp(page);
  const upload = (beginning: string, megabytes: number) =>
    page.evaluate(
      async ([beginning, size]) => {
        const body = new FormData();
        body.append("file", new File([beginning, new Uint8Array(size).fill(32)], "page.txt"));
        const response = await fetch("/trpc/uploads.create", { method: "POST", body });
        return `${response.status} ${await response.text()}`;
      },
      [beginning, megabytes * 1024 * 1024] as const,
    );
  expect(await upload("<!doctype html><html>", 15)).toMatch(/^400 .*Web pages aren’t supported/);
  expect(await upload("a", 30)).toMatch(/^413 .*up to 20 MB/);
}, 60_000);
