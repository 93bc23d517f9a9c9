/** Attacks on subscriptions: other servers, other users, sessions that have ended, and many. */
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { afterEach, expect, test, vi } from "vitest";
import { anonymous, callerAs, callerFor } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { disableUser } from "../../../test/disable-user.ts";
import { createChat, createUser } from "../../../test/factories.ts";
import { programOf } from "../../../test/programs.ts";
import {
  asPushService,
  browserKeys,
  endedAnswer,
  subscriptionAt,
  subscriptionsOf,
} from "../../../test/push.ts";
import { ownerContext } from "../../owner-context.ts";
import { createLogger } from "../../platform/log.ts";
import { OutboundRefusal, servicesOf } from "../../platform/outbound.ts";
import { endEverything, endOtherSessions } from "../auth/session/end-access.ts";
import { sessionMaxMs } from "../auth/session/session.ts";
import { pushAnswer } from "./push-answer.ts";

afterEach(() => vi.unstubAllGlobals());

const home = createHomeDb(env.HOME);
const { kysely } = home;
const log = createLogger();
const access = { env, home, log };

test.each([
  "https://127.0.0.1/send/a",
  "http://fcm.googleapis.com/fcm/send/a",
  "https://fcm.googleapis.com:8443/fcm/send/a",
  "https://fcm.googleapis.com.evil.example/fcm/send/a",
  "https://fcm.googleapis.com@evil.example/fcm/send/a",
  "https://evil.example/?https://fcm.googleapis.com/",
  "https://notify.windows.com.evil.example/w/?token=a",
  "https://evilnotify.windows.com/w/?token=a",
  "https://*.notify.windows.com:444/w",
  "https://storage.googleapis.com/a",
  "https://api.open-meteo.com/v1/forecast",
  "data:text/plain,a",
])(
  "a subscription at another server is refused, and its server never called: %s",
  async (endpoint) => {
    const caller = await callerFor("owner");
    const refused = await errorOf(
      caller.api.notifications.subscribe.mutate({ endpoint, keys: browserKeys }),
    );
    expect(refused.errorCode).toBe("INVALID");
    expect(await subscriptionsOf(caller.user.id)).toEqual([]);
    const push = servicesOf(env).push;
    await expect(push?.fetch(endpoint)).rejects.toThrow(OutboundRefusal);
  },
);

test.each([
  "fcm.googleapis.com",
  "updates.push.services.mozilla.com",
  "web.push.apple.com",
  "wns2-par02p.notify.windows.com",
])("a subscription at %s is taken, and stored once for a session", async (host) => {
  const caller = await callerFor("owner");
  await caller.api.notifications.subscribe.mutate(subscriptionAt(host));
  const second = subscriptionAt(host);
  await caller.api.notifications.subscribe.mutate(second);
  expect(await subscriptionsOf(caller.user.id)).toMatchObject([{ endpoint: second.endpoint }]);
  await caller.api.notifications.unsubscribe.mutate();
  expect(await subscriptionsOf(caller.user.id)).toEqual([]);
});

const point = browserKeys.p256dh;
test.each([
  ["too short", { p256dh: point.slice(0, -1) }],
  ["too long", { p256dh: `${point}A` }],
  ["not on the curve", { p256dh: `${point.slice(0, -4)}AAAA` }],
  ["compressed", { p256dh: `A${point.slice(1)}` }],
  ["not base64url", { p256dh: `${point.slice(0, -1)}+` }],
  ["without a secret", { auth: "" }],
  ["with a long secret", { auth: "A".repeat(23) }],
])("keys that are %s are refused", async (_, changed) => {
  const caller = await callerFor("owner");
  const { endpoint } = subscriptionAt();
  const refused = await errorOf(
    caller.api.notifications.subscribe.mutate({ endpoint, keys: { ...browserKeys, ...changed } }),
  );
  expect(refused.errorCode).toBe("INVALID");
  expect(await subscriptionsOf(caller.user.id)).toEqual([]);
});

test("programs cannot subscribe", async () => {
  const program = await programOf(await callerFor("owner"), ["chats:read", "chats:write"]);
  const refused = await errorOf(program.api.notifications.subscribe.mutate(subscriptionAt()));
  expect(refused.errorCode).toBe("FORBIDDEN");
});

test("a new guest can subscribe before the first message", async () => {
  const guest = anonymous();
  const { id } = await guest.api.auth.startGuest.mutate();
  await guest.api.notifications.subscribe.mutate(subscriptionAt());
  expect(await subscriptionsOf(id)).toHaveLength(1);
});

test("a user has at most ten subscriptions, the newest", async () => {
  const user = await createUser();
  const subscriptions = Array.from({ length: 12 }, () => subscriptionAt());
  const now = Date.now();
  for (const [index, subscription] of subscriptions.entries()) {
    vi.setSystemTime(now + index * 1_000);
    await (await callerAs(user)).api.notifications.subscribe.mutate(subscription);
  }
  vi.useRealTimers();
  const endpoints = (await subscriptionsOf(user.id)).map(({ endpoint }) => endpoint);
  const newest = subscriptions.slice(2).map(({ endpoint }) => endpoint);
  expect(endpoints.sort()).toEqual(newest.sort());
});

test("one browser belongs to the user who subscribed it last", async () => {
  const [first, second] = [await callerFor("owner"), await callerFor("anotherUser")];
  const subscription = subscriptionAt();
  await first.api.notifications.subscribe.mutate(subscription);
  await second.api.notifications.subscribe.mutate(subscription);
  expect(await subscriptionsOf(first.user.id)).toEqual([]);
  expect(await subscriptionsOf(second.user.id)).toHaveLength(1);
  // The first user's `unsubscribe` leaves the second user's subscription alone.
  await first.api.notifications.unsubscribe.mutate();
  expect(await subscriptionsOf(second.user.id)).toHaveLength(1);
});

/** How the session of a browser with a subscription can end. */
const ends: Readonly<Record<string, (caller: Awaited<ReturnType<typeof callerAs>>) => unknown>> = {
  "the browser logs out": ({ api }) => api.auth.logOut.mutate(),
  "another browser ends all others": async ({ user }) =>
    endOtherSessions(access, { userId: user.id, keptSessionId: null }),
  "the user ends everything": async ({ user }) => endEverything(access, user.id),
  "the user is disabled": ({ user }) =>
    disableUser(ownerContext(access, { userId: user.id, contentShard: user.contentShard })),
  "the user is deleted": ({ user }) =>
    kysely.deleteFrom("users").where("id", "=", user.id).execute(),
  "the session was not used for a month": ({ user }) =>
    kysely.updateTable("sessions").set({ expiresAt: 1 }).where("userId", "=", user.id).execute(),
  "the session has reached its maximum age": ({ user }) =>
    kysely
      .updateTable("sessions")
      .set({ createdAt: Date.now() - sessionMaxMs })
      .where("userId", "=", user.id)
      .execute(),
};

test.each(Object.entries(ends))("nothing is pushed after %s", async (_, end) => {
  const pushes = asPushService(() => new Response(null, { status: 201 }));
  const user = await createUser();
  const caller = await callerAs(user);
  await caller.api.notifications.subscribe.mutate(subscriptionAt());
  const answer = endedAnswer(user, await createChat(user));
  await pushAnswer(env, log, answer);
  expect(pushes).toHaveLength(1);
  await end(caller);
  await pushAnswer(env, log, answer);
  expect(pushes).toHaveLength(1);
});

test("one user cannot subscribe without end", async () => {
  const caller = await callerFor("owner");
  let taken = 0;
  const subscribeOften = async () => {
    for (; taken < 40; taken++) await caller.api.notifications.subscribe.mutate(subscriptionAt());
  };
  expect((await errorOf(subscribeOften())).errorCode).toBe("RATE_LIMITED");
  expect(taken).toBeLessThanOrEqual(20);
});
