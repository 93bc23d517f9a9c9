/** Pushed notifications on the wire, decrypted by a push service that others wrote. */

import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { callerAs, callerFor } from "../../../test/callers.ts";
import { createChat, createUser } from "../../../test/factories.ts";
import { takeErrors, takeInfos } from "../../../test/logs.ts";
import {
  asPushService,
  deliver,
  endedAnswer,
  realBrowser,
  subscriptionAt,
  subscriptionsOf,
} from "../../../test/push.ts";
import { openSubscription } from "../../../test/stream.ts";
import { ask, endlessQuestion } from "../../../test/turns.ts";
import { createLogger } from "../../platform/log.ts";
import { pushAnswer } from "./push-answer.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const log = createLogger();
const ok = () => new Response(null, { status: 201 });
const gone = () => new Response(null, { status: 410 });

/** A user with a chat, and an answer in it that has just ended. */
async function withAnswer(title = "The sky") {
  const user = await createUser();
  const owner = await callerAs(user);
  const chat = await createChat(user, { title });
  const answer = endedAnswer(user, chat);
  return { user, owner, answer, push: () => pushAnswer(env, log, answer) };
}

test("an answer is pushed at its end, encrypted for its owner's browsers", async () => {
  const pushes = asPushService(deliver);
  const owner = await callerFor("owner");
  const browser = await realBrowser();
  await owner.api.notifications.subscribe.mutate(browser.subscription);
  const { chatId, streamId, stream } = await ask(owner, "count to 3");
  await stream.rest();
  await expect.poll(() => browser.messages()).toHaveLength(1);
  const title = (await owner.api.chats.get.query({ chatId })).title;
  expect(await browser.messages()).toEqual([{ chatId, streamId, title, text: "1 2 3" }]);
  const [push] = pushes;
  expect(push?.url).toBe(browser.subscription.endpoint);
  expect(Object.fromEntries(push?.headers ?? [])).toMatchObject({
    ttl: "86400",
    topic: expect.stringMatching(/^[0-9a-f]{32}$/),
    "content-encoding": "aes128gcm",
    authorization: expect.stringMatching(/^vapid t=[\w.-]+, k=[\w-]{87}$/),
  });
  const sent = new TextDecoder("latin1").decode(push?.body);
  for (const word of [chatId, title, "1 2 3"]) expect(sent).not.toContain(word);
});

test("a user's own stop is not pushed", async () => {
  const pushes = asPushService(ok);
  const owner = await callerFor("owner");
  await owner.api.notifications.subscribe.mutate(subscriptionAt());
  const { chatId, streamId, stream } = await ask(owner, endlessQuestion);
  await owner.api.messages.stop.mutate({ chatId, streamId });
  await stream.rest();
  const { stream: next } = await ask(owner, "count to 3");
  await next.rest();
  await expect.poll(() => pushes).toHaveLength(1);
});

test.each([
  ["nothing is pushed while a page of the user is visible", undefined, 0],
  ["a notice is pushed while only hidden pages are open", { isHidden: true }, 1],
])("%s", async (_, input, count) => {
  const pushes = asPushService(ok);
  const { user, owner, push } = await withAnswer();
  await owner.api.notifications.subscribe.mutate(subscriptionAt());
  const page = await openSubscription(await callerAs(user), "chats.watch", input);
  await page.next();
  await push();
  expect(pushes).toHaveLength(count);
  await page.cancel();
});

test("a notice goes to all browsers of the answer's owner, and to no other user's", async () => {
  const pushes = asPushService(ok);
  const { user, owner, push } = await withAnswer();
  const phone = await callerAs(user);
  const subscriptions = [subscriptionAt(), subscriptionAt("updates.push.services.mozilla.com")];
  await owner.api.notifications.subscribe.mutate(subscriptions[0] ?? subscriptionAt());
  await phone.api.notifications.subscribe.mutate(subscriptions[1] ?? subscriptionAt());
  const stranger = await callerFor("anotherUser");
  await stranger.api.notifications.subscribe.mutate(subscriptionAt());
  await push();
  const urls = pushes.map(({ url }) => url).sort();
  expect(urls).toEqual(subscriptions.map(({ endpoint }) => endpoint).sort());
});

test("a subscription that the service has ended is dropped", async () => {
  asPushService(deliver);
  const { user, owner, push } = await withAnswer();
  const browser = await realBrowser();
  await owner.api.notifications.subscribe.mutate(browser.subscription);
  await browser.expire();
  await push();
  expect(await subscriptionsOf(user.id)).toEqual([]);
  const dropped = takeInfos().filter(({ event }) => event === "notifications.subscription_dropped");
  expect(dropped).toMatchObject([{ service: "web.push.apple.com", status: 410 }]);
});

test("a subscription that cannot be deleted keeps no other browser from its notice", async () => {
  asPushService((push) => (push.url.includes("mozilla") ? gone() : deliver(push)));
  const { user, owner, answer } = await withAnswer();
  const browser = await realBrowser();
  await owner.api.notifications.subscribe.mutate(browser.subscription);
  const phone = await callerAs(user);
  await phone.api.notifications.subscribe.mutate(
    subscriptionAt("updates.push.services.mozilla.com"),
  );
  const failing = new Proxy(env.HOME, {
    get(d1, name: keyof D1Database) {
      if (name !== "prepare") return Reflect.get(d1, name);
      return (sql: string) => {
        if (sql.startsWith("delete")) throw new Error("This was made to fail.");
        return d1.prepare(sql);
      };
    },
  });
  await pushAnswer({ ...env, HOME: failing }, log, answer);
  expect(await browser.messages()).toHaveLength(1);
  expect(takeErrors()).toMatchObject([
    { event: "notifications.drop_failed", service: "updates.push.services.mozilla.com" },
  ]);
});

test.each([
  [404, 1, 0],
  [410, 1, 0],
  [429, 3, 1],
  [503, 3, 1],
  [400, 1, 1],
  [413, 1, 1],
])(
  "a service that responds %i is asked %i times, and %i subscription stays",
  async (status, times, kept) => {
    const headers = { "retry-after": "0.05" };
    const pushes = asPushService(() => new Response(null, { status, headers }));
    const { user, owner, push } = await withAnswer();
    await owner.api.notifications.subscribe.mutate(subscriptionAt());
    await push();
    expect(pushes).toHaveLength(times);
    expect(await subscriptionsOf(user.id)).toHaveLength(kept);
  },
);

test("a busy service gets the message with a later try", async () => {
  let tries = 0;
  const busy = new Response(null, { status: 429, headers: { "retry-after": "0.05" } });
  asPushService((push) => {
    tries += 1;
    return tries === 1 ? busy : deliver(push);
  });
  const { owner, push } = await withAnswer();
  const browser = await realBrowser();
  await owner.api.notifications.subscribe.mutate(browser.subscription);
  await push();
  expect(await browser.messages()).toMatchObject([
    { title: "The sky", text: "Rayleigh scattering." },
  ]);
});

test("a long title and text in any script fit into a message", async () => {
  asPushService(deliver);
  const { owner, answer } = await withAnswer("𒀀́".repeat(60));
  const browser = await realBrowser();
  await owner.api.notifications.subscribe.mutate(browser.subscription);
  const parts = JSON.stringify([{ type: "text", text: '👩‍👩‍👧‍👦 \u0001"\\'.repeat(2_000) }]);
  await pushAnswer(env, log, { ...answer, parts });
  expect(await browser.messages()).toHaveLength(1);
});

test("nothing is pushed without the operator's keys", async () => {
  const pushes = asPushService(ok);
  const { owner, answer } = await withAnswer();
  await owner.api.notifications.subscribe.mutate(subscriptionAt());
  await pushAnswer({ ...env, VAPID_PRIVATE_KEY: "" }, log, answer);
  expect(pushes).toEqual([]);
});
