import { expect, inject } from "vitest";
import {
  answers,
  ask,
  chatRows,
  countTo,
  edit,
  numbersInAnswer,
  phone,
  problem,
  questions,
  signUp,
  textbox,
  tryAgain,
  visitAlive,
  waitForAnswer,
  waitForText,
} from "./support/chat.ts";
import { networkProblem, test } from "./support/test.ts";
import { chatInTwoBrowsers } from "./support/two-browsers.ts";

const baseURL = inject("demoUrl");

test("an edited question keeps both versions", async ({ visit }) => {
  const { page } = await visit({ baseURL, viewport: phone, hasTouch: true });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await ask(page, "count to 4");
  await waitForAnswer(page, "complete");

  await edit(page, 0, "count to 5");
  await waitForAnswer(page, "complete");
  expect(await questions(page).count()).toBe(1);
  expect(await numbersInAnswer(page)).toEqual(countTo(5));

  const first = questions(page).first();
  await first.getByText("2/2").waitFor();
  await first.getByRole("button", { name: "Previous version" }).click();
  await first.getByText("1/2").waitFor();
  // The later messages of that branch are shown again.
  await questions(page).nth(1).waitFor();
  expect(await numbersInAnswer(page)).toEqual(countTo(4));

  await page.reload();
  await first.getByText("1/2").waitFor();
  expect(await questions(page).count()).toBe(2);
  expect(await numbersInAnswer(page)).toEqual(countTo(4));
});

test("a regenerated answer keeps both versions", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "think about the sea");
  await waitForAnswer(page, "complete");
  await tryAgain(page);
  await page.getByText("2/2").waitFor();
  await waitForAnswer(page, "complete");
  expect(await answers(page).count()).toBe(1);

  // By keyboard, where the focus stays on the button.
  const previous = page.getByRole("button", { name: "Previous version" });
  await previous.focus();
  await page.keyboard.press("Enter");
  await page.getByText("1/2").waitFor();
  expect(await previous.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.getByText("Version 1 of 2").waitFor({ state: "attached" });
  await page.keyboard.press("ArrowRight");
  await page.getByText("2/2").waitFor();
});

test("an edit closed with Escape is kept; Cancel drops it", async ({ visit }) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  const open = page.getByRole("button", { name: "Edit message" });
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await questions(page).first().hover();
  await open.click();
  await editor.fill("count to thirty");
  await editor.press("Escape");
  expect(await open.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.reload();
  await questions(page).first().hover();
  await open.click();
  expect(await editor.inputValue()).toBe("count to thirty");
  await page.getByRole("button", { name: "Cancel" }).click();
  await open.click();
  expect(await editor.inputValue()).toBe("count to 3");
});

test("while an answer is being written no other turn starts, and the page says why", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await ask(page, "count to 5000");
  await waitForText(page, /\b20\b/);
  const first = questions(page).first();
  await first.hover();
  await first.getByRole("button", { name: "Edit message" }).click();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await editor.fill("count to 7");
  await editor.press("Enter");
  await problem(page).filter({ hasText: "An answer is still being written" }).waitFor();
  // The text of the edit is kept, too.
  expect(await editor.inputValue()).toBe("count to 7");
  await page.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(page, "stopped");
  await editor.press("Enter");
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(7));
});

test("an edit that cannot be sent leaves the chat unchanged, and its text is kept", async ({
  visit,
  expectedProblems,
}) => {
  expectedProblems.push(networkProblem);
  const { page, context } = await visit({ baseURL });
  await signUp(page);
  await ask(page, "count to 3");
  await waitForAnswer(page, "complete");
  await context.route(/messages\.send/, (route) => route.abort());
  await edit(page, 0, "count to 6");
  await problem(page).waitFor();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await editor.waitFor();
  expect(await editor.inputValue()).toBe("count to 6");
  expect(await numbersInAnswer(page)).toEqual(countTo(3));
  await context.unroute(/messages\.send/);
  await editor.press("Enter");
  await questions(page).first().getByText("2/2").waitFor();
  await waitForAnswer(page, "complete");
  expect(await numbersInAnswer(page)).toEqual(countTo(6));
});

test("after an edit in one tab while the other streams, both show the same", async ({ visit }) => {
  const [first, second] = await chatInTwoBrowsers(visit, { baseURL });

  await ask(first.page, "count to 5000");
  await waitForText(second.page, /\b50\b/);
  await second.page.getByRole("button", { name: "Stop generating" }).click();
  await waitForAnswer(second.page, "stopped");
  await edit(second.page, 0, "count to 400");
  for (const { page } of [first, second]) {
    await questions(page).filter({ hasText: "count to 400" }).waitFor();
    await waitForAnswer(page, "complete");
    expect(await questions(page).count()).toBe(1);
    expect(await numbersInAnswer(page)).toEqual(countTo(400));
    await questions(page).first().getByText("2/2").waitFor();
  }

  // A branch selected in one browser is shown in the other.
  await first.page.getByRole("button", { name: "Previous version" }).click();
  for (const { page } of [first, second]) {
    await questions(page).first().getByText("1/2").waitFor();
    await waitForAnswer(page, "stopped");
    expect(await questions(page).count()).toBe(2);
  }
  await textbox(first.page).fill("count to 8");
  await textbox(first.page).press("Enter");
  for (const { page } of [first, second]) {
    await questions(page).nth(2).waitFor();
    await waitForAnswer(page, "complete");
    expect(await numbersInAnswer(page)).toEqual(countTo(8));
  }
});

test("a chat that ends in a question is answered by a button, or goes on with a message", async ({
  visit,
}) => {
  const { page } = await visit({ baseURL });
  await signUp(page);
  const message = {
    id: "m1",
    parentId: null,
    role: "user",
    parts: [{ type: "text", text: "count to 3" }],
    status: "complete",
    modelId: null,
    inputTokens: null,
    outputTokens: null,
    errorCode: null,
    vote: null,
    createdAt: 1,
    finishedAt: 1,
  };
  const chat = {
    id: "c1",
    title: "From a file",
    titleSource: "owner",
    pinnedAt: null,
    createdAt: 1,
    updatedAt: 1,
    currentMessageId: "m1",
    messages: [message],
  };
  const file = { format: "alleato-chat", version: 1, chats: [chat, { ...chat, id: "c2" }] };
  const refusal = await page.evaluate(async (data) => {
    const body = JSON.stringify({ data });
    const headers = { "content-type": "application/json" };
    const response = await fetch("/trpc/chats.import", { method: "POST", headers, body });
    return response.ok ? null : response.text();
  }, file);
  expect(refusal).toBeNull();
  await visitAlive(page, "/");
  const openChat = (index: number) =>
    chatRows(page).filter({ hasText: "From a file" }).nth(index).getByRole("link").first().click();
  const answer = page.getByRole("button", { name: "Answer", exact: true });

  await openChat(0);
  await answer.dblclick();
  await waitForAnswer(page, "complete");
  expect(await answer.count()).toBe(0);
  await page.reload();
  await waitForAnswer(page, "complete");
  expect(await questions(page).count()).toBe(1);
  expect(await answers(page).count()).toBe(1);

  await openChat(1);
  await answer.waitFor();
  await textbox(page).fill("count to 4");
  await textbox(page).press("Enter");
  await waitForAnswer(page, "complete");
  expect(await questions(page).count()).toBe(2);
  expect(await answers(page).count()).toBe(1);
  expect(await answer.count()).toBe(0);
});
