import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anonymous, callerFor } from "../../../test/callers.ts";
import { refusalOf, type TestClient } from "../../../test/client.ts";
import { createChat } from "../../../test/factories.ts";
import { programOf } from "../../../test/programs.ts";
import { type OpenStream, openStream, openSubscription } from "../../../test/stream.ts";
import { limits } from "../../contracts/limits.ts";
import { TokenBuckets } from "../../contracts/token-buckets.ts";
import { newId } from "../../platform/ids.ts";
import { Places } from "../../platform/places.ts";
import { admitOpening, openingsOfAddress, openingsOfClient } from "./admit-opening.ts";

const refusal = { data: { errorCode: "RATE_LIMITED", httpStatus: 429 } };
const { subscriptionsPerUserMax: userMax } = limits;

/** Opens a subscription and reads its first event. */
async function watchNow(client: TestClient): Promise<OpenStream<unknown>> {
  const news = await openSubscription<unknown>(client, "chats.watch", undefined);
  await news.next();
  return news;
}

/** Lets so many seconds pass for the pace at which subscriptions may be opened. */
function letPass(seconds: number): void {
  passedMs += seconds * 1_000;
}
let passedMs = 0;
beforeEach(() => {
  const { now } = Date;
  vi.spyOn(Date, "now").mockImplementation(() => now() + passedMs);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Opens a subscription as {@link watchNow} does, at a pace that is allowed. */
function watch(client: TestClient): Promise<OpenStream<unknown>> {
  letPass(0.1);
  return watchNow(client);
}

async function watchMany(client: TestClient, count: number): Promise<OpenStream<unknown>[]> {
  const open: OpenStream<unknown>[] = [];
  while (open.length < count) {
    const more = Math.min(20, count - open.length);
    open.push(...(await Promise.all(Array.from({ length: more }, () => watch(client)))));
  }
  return open;
}

/** Counts the calls of user objects, and the queries of the home database. */
function countCosts(): () => number {
  let count = 0;
  const { USER, HOME } = env;
  const get = USER.get.bind(USER);
  vi.spyOn(USER, "get").mockImplementation((...args) => {
    count += 1;
    return get(...args);
  });
  const prepare = HOME.prepare.bind(HOME);
  vi.spyOn(HOME, "prepare").mockImplementation((...args) => {
    count += 1;
    return prepare(...args);
  });
  return () => count;
}

test("300 subscriptions at once cost as much as 30", async () => {
  const guest = anonymous();
  await guest.api.auth.startGuest.mutate();
  const costs = countCosts();
  const first = await watchNow(guest);
  const costOfOne = costs();
  expect(costOfOne).toBeGreaterThan(0);
  const all = await Promise.allSettled(Array.from({ length: 299 }, () => watchNow(guest)));
  const open = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(open.length).toBeGreaterThanOrEqual(openingsOfClient.burst - 1);
  expect(open.length).toBeLessThan(2 * openingsOfClient.burst);
  // Each open one has read its session, been counted by the user's object, and been checked.
  expect(costs()).toBeLessThanOrEqual((open.length + 1) * (costOfOne + 2));
  const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  for (const one of refused) expect(one).toMatchObject(refusal);
  const owner = await callerFor("owner");
  for (const news of [first, await watchNow(owner), ...open]) await news.cancel();
});

test.each([
  "/trpc/chats.watch",
  "/trpc/chats%2Ewatch",
  "/trpc/messages.stream",
  "/trpc/chats.watch,chats.list?batch=1",
  "/v1/stream/s?live=sse",
  "/v1/stream/s?live=long-poll",
])("openings of %s are counted, even with a cookie that is not valid", async (path) => {
  const client = anonymous();
  const headers = { cookie: `__Host-session=${newId()}` };
  const at = Date.now();
  vi.mocked(Date.now).mockImplementation(() => at + passedMs);
  const statuses: number[] = [];
  for (let count = 0; count <= openingsOfClient.burst; count += 1) {
    const response = await client.fetch(path, { headers });
    statuses.push(response.status);
    await response.body?.cancel();
  }
  expect(statuses.indexOf(429)).toBe(openingsOfClient.burst);
  letPass(10);
  expect((await client.fetch(path, { headers })).status).toBe(statuses[0]);
});

test("an address opens at its own pace, whatever cookies it sends", () => {
  let now = 0;
  const buckets = new TokenBuckets(openingsOfAddress, () => now);
  const takeMany = () => Array.from({ length: 1_000 }, () => buckets.take("a")).filter(Boolean);
  expect(takeMany()).toHaveLength(openingsOfAddress.burst);
  expect(buckets.take("b")).toBe(true);
  now += 1_000;
  expect(takeMany()).toHaveLength(openingsOfAddress.perSecond);
});

/** Opens so many at one moment, each with a credential. @returns how many are admitted */
function admitMany(
  count: number,
  address: string,
  credentialOf: (index: number) => string,
): number {
  const at = Date.now();
  vi.mocked(Date.now).mockReturnValue(at);
  const url = new URL("https://app.test");
  let admitted = 0;
  for (let index = 0; index < count; index += 1) {
    try {
      admitOpening({ url, address, credential: credentialOf(index) });
      admitted += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: "RATE_LIMITED" });
    }
  }
  return admitted;
}

test("a client that is refused uses up nothing of its address, which uses up nothing of its clients", () => {
  const [address, elsewhere] = ["198.51.100.40", "198.51.100.41"];
  const { burst } = openingsOfClient;
  expect(admitMany(1_000, address, () => "one")).toBe(burst);
  expect(admitMany(1_000, address, (index) => `made up ${index}`)).toBe(
    openingsOfAddress.burst - burst,
  );
  expect(admitMany(1_000, address, () => "another")).toBe(0);
  expect(admitMany(1_000, elsewhere, () => "another")).toBe(burst);
});

test("a secret of any length takes the same memory", () => {
  const spend = vi.spyOn(TokenBuckets.prototype, "spend");
  const address = "198.51.100.42";
  expect(admitMany(1, address, () => "x".repeat(100_000))).toBe(1);
  expect(spend.mock.calls.map(([key]) => key.length)).toEqual([64, address.length]);
});

test("a guest opens 100 subscriptions and no more; each that ends makes room", async () => {
  const guest = anonymous();
  await guest.api.auth.startGuest.mutate();
  const open = await watchMany(guest, userMax);
  await expect(watch(guest)).rejects.toMatchObject(refusal);
  const owner = await callerFor("owner");
  await (await watch(owner)).cancel();
  for (const news of open.splice(0, 2)) await news.cancel();
  await vi.waitFor(async () => open.push(await watch(guest)), { timeout: 5_000, interval: 50 });
  for (const news of open) await news.cancel();
});

test("answers that are read count with the news, and free their place at their end", async () => {
  const owner = await callerFor("owner");
  const { id: chatId } = await createChat(owner.user);
  const open = await watchMany(owner, userMax);
  await expect(openStream(owner, { chatId }).then((it) => it.rest())).rejects.toMatchObject(
    refusal,
  );
  for (const news of open.splice(0, 1)) await news.cancel();
  // No answer is live, so each of these ends at once. Together they are more than the bound.
  for (let count = 0; count < 5; count++) {
    const read = async () => (await openStream(owner, { chatId })).rest();
    const events = await vi.waitFor(read, { timeout: 5_000, interval: 50 });
    expect(events).toEqual([]);
  }
  for (const news of open) await news.cancel();
});

test("live reads of streams count too, and free their place when the reader leaves", async () => {
  const owner = await callerFor("owner");
  const program = await programOf(owner, ["streams"]);
  const headers = { "content-type": "text/plain" };
  await program.fetch("/v1/stream/s", { method: "PUT", headers, body: "x" });
  const open = await watchMany(owner, userMax - 1);
  const read = () => program.fetch("/v1/stream/s?offset=-1&live=sse");
  const events = await read();
  expect(events.status).toBe(200);
  expect(await refusalOf(await read())).toMatchObject({ status: 429, code: "RATE_LIMITED" });
  const poll = await program.fetch("/v1/stream/s?offset=-1&live=long-poll");
  expect(poll.status).toBe(429);
  // Reading what is there already holds no place.
  expect(await (await program.fetch("/v1/stream/s")).text()).toBe("x");
  await events.body?.cancel();
  await vi.waitFor(
    async () => {
      const again = await read();
      const { status } = again;
      await again.body?.cancel();
      expect(status).toBe(200);
    },
    { timeout: 5_000, interval: 50 },
  );
  for (const news of open) await news.cancel();
});

test("an address without an account has 200 places for all its visitors", async () => {
  const address = "198.51.100.7";
  const open: OpenStream<unknown>[] = [];
  for (let guests = 0; guests < 2; guests++) {
    const guest = anonymous({ address });
    await guest.api.auth.startGuest.mutate();
    open.push(...(await watchMany(guest, limits.subscriptionsPerAddressMax / 2)));
  }
  const another = anonymous({ address });
  await another.api.auth.startGuest.mutate();
  await expect(watch(another)).rejects.toMatchObject(refusal);
  const elsewhere = anonymous({ address: "198.51.100.8" });
  await elsewhere.api.auth.startGuest.mutate();
  open.push(await watch(elsewhere));
  await open[0]?.cancel();
  await vi.waitFor(async () => open.push(await watch(another)), { timeout: 5_000, interval: 50 });
  for (const news of open) await news.cancel();
});

test("a place that is freed twice is free once", () => {
  const places = new Places(2);
  const [first, second] = [places.take("a"), places.take("a")];
  expect(places.take("a")).toBeNull();
  expect(places.take("b")).not.toBeNull();
  first?.();
  first?.();
  expect(places.take("a")).not.toBeNull();
  expect(places.take("a")).toBeNull();
  second?.();
});
