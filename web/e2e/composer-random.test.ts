/**
 * Random typing, sending, walking between chats and reloading, with messages that are slow, refused,
 * cut, held, or get no response. No word is lost or doubled, and none moves to another chat.
 * `RANDOM_RUNS` sets the number of runs, and `RANDOM_SEED` the seed of the first.
 */
import type { Page, Route } from "playwright-core";
import { expect, inject } from "vitest";
import { signUp, textbox } from "./support/chat.ts";
import { Dice } from "./support/dice.ts";
import { networkProblem, test, type Visit } from "./support/test.ts";

const baseURL = inject("demoUrl");

const runs = Number(process.env.RANDOM_RUNS || 100);
const firstSeed = Number(process.env.RANDOM_SEED || 1);
/** Few enough for an account's messages of a day. */
const runsPerAccount = 20;
/** Browsers side by side. */
const walkers = Number(process.env.RANDOM_WALKERS || 2);

const sends = /messages\.send/;
const fates = [
  ...(["passes", "passes", "is slow", "is slow", "is refused"] as const),
  ...(["is cut", "has no response", "is held"] as const),
] as const;

interface Walk {
  readonly page: Page;
  readonly dice: Dice;
  readonly steps: string[];
  /** The chats of this run that the worker has. */
  readonly chatIds: Set<string>;
  /** The chats of earlier runs. */
  before: ReadonlySet<string>;
  /** Words that belong into one chat, because they were typed while the others were there. */
  readonly groups: Set<string>[];
  /** What becomes of the next message. */
  fate: (typeof fates)[number];
  /** Lets messages go on that are held. */
  letGo: () => void;
}

const refusal = JSON.stringify([
  {
    error: {
      message: "Refused.",
      code: -32_600,
      data: { code: "BAD_REQUEST", httpStatus: 400, errorCode: "INVALID", requestId: "r" },
    },
  },
]);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Decides what becomes of a message on its way. Only the first try has the fate. */
async function passOn(route: Route, walk: Walk): Promise<void> {
  const { fate } = walk;
  walk.fate = "passes";
  if (fate === "is refused") {
    return route.fulfill({ status: 400, contentType: "application/json", body: refusal });
  }
  if (fate === "is cut") return route.abort();
  if (fate === "has no response") {
    await route.fetch();
    return route.abort();
  }
  if (fate === "is slow") await pause(walk.dice.between(30, 200));
  if (fate === "is held") {
    await new Promise<void>((resolve) => {
      walk.letGo = resolve;
    });
  }
  return route.continue();
}

/** The words on the page: in questions, also those that were not sent, and in the composer. */
async function wordsOn(page: Page): Promise<string[]> {
  const text = await page.evaluate(() => {
    const questions = document.querySelectorAll<HTMLElement>('article[data-role="user"]');
    const box = document.querySelector("textarea");
    return [...Array.from(questions, ({ innerText }) => innerText), box?.value].join(" ");
  });
  return text.match(/w\w+/g) ?? [];
}

/** Adds words to the group of those that they were typed beside. */
function join(groups: Set<string>[], words: readonly string[]): void {
  if (words.length === 0) return;
  const joined = groups.filter((group) => words.some((word) => group.has(word)));
  for (const group of joined) groups.splice(groups.indexOf(group), 1);
  groups.push(new Set([...joined.flatMap((group) => [...group]), ...words]));
}

const openNewChat = (page: Page) => leaveFor(page, "/", 'form[action="/"] button');

async function openChat(page: Page, chatId: string): Promise<void> {
  const address = `/chat/${chatId}`;
  await page.waitForSelector(`a[href="${address}"]`, { state: "attached" });
  await leaveFor(page, address, `a[href="${address}"]`);
  await page.waitForSelector('article[data-role="user"]');
}

/** Runs in each document of a page, before its scripts. Once these have run, they listen for news. */
function noteListening(): void {
  window.EventSource = class extends EventSource {
    constructor(address: string | URL, options?: EventSourceInit) {
      super(address, options);
      if (String(address).includes("chats.watch")) {
        document.documentElement.setAttribute("data-is-alive", "");
      }
    }
  };
}

/**
 * Waits until the scripts of a page's document have run. Before, a click would load another
 * document, without what was typed into this one.
 */
const untilAlive = (page: Page) => page.waitForSelector("html[data-is-alive]");

/** Goes to another address by a click, and waits until the page of the old one is gone. */
async function leaveFor(page: Page, address: string, selector: string): Promise<void> {
  await untilAlive(page);
  const isSame = await page.evaluate(
    ([address, selector]) => {
      const isSame = location.pathname === address;
      if (!isSame) document.querySelector("textarea")?.setAttribute("data-is-old", "");
      document.querySelector<HTMLElement>(selector)?.click();
      return isSame;
    },
    [address, selector] as const,
  );
  await page.waitForURL((url) => url.pathname === address, { waitUntil: "commit" });
  if (isSame) return;
  // The page stays when its new chat has just got this address.
  const isNew = "textarea:not([data-is-old])";
  await page.waitForSelector(isNew, { timeout: 400 }).catch(() => undefined);
  await page.evaluate(() => document.querySelector("textarea")?.removeAttribute("data-is-old"));
}

const actions = {
  async type({ page, dice, groups }: Walk) {
    const known = await wordsOn(page);
    const words = Array.from(
      { length: dice.between(1, 3) },
      () => `w${dice.between(36 ** 3, 36 ** 4).toString(36)}`,
    );
    join(groups, [...known, ...words]);
    await page.keyboard.type(words.map((word) => `${word} `).join(""));
  },
  async send(walk: Walk) {
    walk.fate = walk.dice.pick(fates);
    walk.steps.push(walk.fate);
    await walk.page.keyboard.press("Enter");
  },
  pause: ({ dice }: Walk) => pause(dice.between(10, 120)),
  /** Taken back and done again, nothing has changed. */
  async undo({ page }: Walk) {
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+Shift+z");
  },
  async reload({ page, dice, letGo }: Walk) {
    // What is typed into a page is kept only once its scripts run.
    await untilAlive(page);
    await page.reload({ waitUntil: "commit" });
    if (dice.isOneIn(2)) await page.waitForLoadState();
    letGo();
  },
  newChat: ({ page }: Walk) => openNewChat(page),
  async otherChat({ page, dice, chatIds }: Walk) {
    const [first, ...others] = chatIds;
    if (first !== undefined) await openChat(page, dice.pick([first, ...others]));
  },
  /** What the page offers for a message that was not sent. */
  async resolve({ page, dice }: Walk) {
    const name = dice.isOneIn(2) ? "Send again" : "Edit";
    const buttons = page.getByRole("button", { name, exact: true });
    if ((await buttons.count()) === 0) return;
    // It goes away when the message turns out to have arrived.
    await buttons
      .first()
      .click({ timeout: 1_000 })
      .catch(() => undefined);
  },
};

/** The actions, by how often they come. */
const bag = [
  ...(["type", "type", "type", "type", "type", "send", "send", "send", "pause"] as const),
  ...(["undo", "reload", "newChat", "otherChat", "resolve"] as const),
] as const;

/** The chats that the worker has, also those whose response a reload has cut. */
async function listChats(page: Page): Promise<string[]> {
  const input = encodeURIComponent(JSON.stringify({ limit: 100 }));
  const response = await page.request.get(`/trpc/chats.list?input=${input}`);
  const { result } = (await response.json()) as { result: { data: { items: { id: string }[] } } };
  return result.data.items.map(({ id }) => id);
}

/** Where the words are in the end, by the address of their chat. */
async function findWords({ page, chatIds, before }: Walk): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const id of await listChats(page)) if (!before.has(id)) chatIds.add(id);
  await openNewChat(page);
  // A message of this page may turn out to have arrived, which makes it a chat with an address.
  await pause(30);
  const [, newId] = /\/chat\/([\w-]+)/.exec(page.url()) ?? [];
  if (newId) chatIds.add(newId);
  else found.set("new", await wordsOn(page));
  for (const chatId of chatIds) {
    await openChat(page, chatId);
    found.set(chatId, await wordsOn(page));
  }
  return found;
}

/** Expects each word once, and the words of each group in one place. */
async function expectAllWords(walk: Walk): Promise<void> {
  const all = walk.groups.flatMap((group) => [...group]).sort();
  // A late message of an earlier run may be among the words found.
  const isOfThisRun = (word: string) => all.includes(word);
  let found = new Map<string, string[]>();
  await expect
    .poll(
      async () => {
        found = await findWords(walk);
        return [...found.values()].flat().filter(isOfThisRun).sort();
      },
      { timeout: 90_000 },
    )
    .toEqual(all);
  for (const group of walk.groups) {
    const places = [...found].filter(([, words]) => words.some((word) => group.has(word)));
    expect(places, `${[...group].join(" ")} are in one place`).toHaveLength(1);
  }
}

/** Typing goes to the message box, also before the page's scripts have loaded. */
async function focusBox(page: Page): Promise<void> {
  await page.waitForSelector("textarea");
  await page.evaluate(() => document.querySelector("textarea")?.focus());
}

/** Opens a new chat without what the run before has left there. */
async function openEmptyChat(page: Page): Promise<void> {
  for (;;) {
    await openNewChat(page);
    await pause(20);
    const isEmpty = (await wordsOn(page)).length === 0 && new URL(page.url()).pathname === "/";
    if (isEmpty) return;
    // A message that was not sent may turn out to have arrived, which changes the address.
    const edit = page.getByRole("button", { name: "Edit", exact: true });
    if ((await edit.count()) > 0) {
      await edit
        .first()
        .click({ timeout: 1_000 })
        .catch(() => undefined);
    }
    await textbox(page).fill("");
    await pause(100);
  }
}

async function play(page: Page, seed: number): Promise<void> {
  const dice = new Dice(seed);
  const walk: Walk = {
    ...{ page, dice, steps: [], chatIds: new Set(), before: new Set(), groups: [] },
    ...{ fate: "passes", letGo: () => undefined },
  };
  const noteChat = (request: { url(): string; postData(): string | null }) => {
    const [, chatId] = /"chatId":"([\w-]+)"/.exec(request.postData() ?? "") ?? [];
    if (chatId && sends.test(request.url())) walk.chatIds.add(chatId);
  };
  const onResponse = (response: { ok(): boolean; request(): Parameters<typeof noteChat>[0] }) =>
    response.ok() && noteChat(response.request());
  await page.route(sends, (route) => passOn(route, walk).catch(() => undefined));
  page.on("response", onResponse);
  await openEmptyChat(page);
  walk.before = new Set(await listChats(page));
  try {
    for (let count = dice.between(3, 8); count > 0; count -= 1) {
      const step = dice.pick(bag);
      walk.steps.push(step);
      await actions[step](walk);
      await focusBox(page);
    }
    walk.letGo();
    await expectAllWords(walk);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`RANDOM_SEED=${seed} RANDOM_RUNS=1: ${walk.steps.join(", ")}\n${reason}`);
  } finally {
    walk.letGo();
    page.off("response", onResponse);
    await page.unroute(sends);
  }
}

/** Walks through the runs of one account, up to three failures. */
async function playAll(visit: Visit, seeds: readonly number[]): Promise<string[]> {
  const failures: string[] = [];
  const { page, context } = await visit({ baseURL });
  await page.addInitScript(noteListening);
  await signUp(page);
  for (const seed of seeds) {
    if (failures.length < 3) {
      await play(page, seed).catch((error: Error) => failures.push(error.message));
    }
  }
  await context.close();
  return failures;
}

test(`no word is lost in ${runs} runs from seed ${firstSeed}`, {
  timeout: 60_000 + runs * 15_000,
}, async ({ visit, expectedProblems }) => {
  expectedProblems.push(networkProblem, /status of 400/);
  const seeds = Array.from({ length: runs }, (_, run) => firstSeed + run);
  const startedAt = Date.now();
  const failures: string[] = [];
  // Side by side, because a walk mostly waits.
  const walkOn = async () => {
    while (seeds.length > 0 && failures.length < 3) {
      failures.push(...(await playAll(visit, seeds.splice(0, runsPerAccount))));
    }
  };
  await Promise.all(Array.from({ length: walkers }, walkOn));
  console.warn(
    `${runs} runs from seed ${firstSeed}: ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
  expect(failures.join("\n\n")).toBe("");
});
