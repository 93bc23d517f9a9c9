import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openStorage } from "../../lib/local-storage.ts";
import { readChoice, writeChoice } from "./choice.ts";
import { renewNotifications, turnOff, turnOn } from "./turn-on.ts";

/** A browser with a push service, which subscribes with one key at a time. */
function fakeBrowser() {
  let subscribedWith: string | null = null;
  const subscription = {
    toJSON: () => ({
      endpoint: "https://push.example/1",
      keys: { p256dh: "point", auth: "secret" },
    }),
    unsubscribe: async () => {
      subscribedWith = null;
      return true;
    },
  };
  const pushManager = {
    subscribe: vi.fn(async ({ applicationServerKey: key }: { applicationServerKey: string }) => {
      if (subscribedWith !== null && subscribedWith !== key) throw new Error("InvalidStateError");
      subscribedWith = key;
      return subscription;
    }),
    getSubscription: async () => (subscribedWith === null ? null : subscription),
  };
  const unregister = vi.fn(async () => true);
  const registration = { pushManager, unregister };
  vi.stubGlobal("navigator", {
    serviceWorker: {
      register: async () => registration,
      ready: Promise.resolve(registration),
      getRegistration: async () => registration,
    },
  });
  return { pushManager, unregister, subscribedWith: () => subscribedWith };
}

/** What the browser and its user say when they are asked for the permission. */
function allow(permission: NotificationPermission) {
  vi.stubGlobal("Notification", { permission, requestPermission: async () => permission });
}

const items = new Map<string, string>();
const { settings, subscribe, unsubscribe } = vi.hoisted(() => ({
  settings: vi.fn(async () => ({ pushKey: "key" as string | null })),
  subscribe: vi.fn(async (_: unknown) => null),
  unsubscribe: vi.fn(async () => null),
}));
vi.mock("../../lib/trpc.ts", () => ({
  api: {
    notifications: {
      settings: { query: settings },
      subscribe: { mutate: subscribe },
      unsubscribe: { mutate: unsubscribe },
    },
  },
}));

beforeEach(() => {
  items.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, text: string) => items.set(key, text),
    removeItem: (key: string) => items.delete(key),
  });
  vi.stubGlobal("sessionStorage", {});
  allow("granted");
  openStorage({ id: "me", isGuest: false });
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const mock of [settings, subscribe, unsubscribe]) mock.mockClear();
});

it("subscribes with the site's key, and tells the worker the address and keys", async () => {
  const browser = fakeBrowser();
  expect(await turnOn()).toBe(true);
  expect(readChoice()).toBe("push");
  expect(browser.subscribedWith()).toBe("key");
  expect(subscribe).toHaveBeenCalledWith({
    endpoint: "https://push.example/1",
    keys: { p256dh: "point", auth: "secret" },
  });
  await turnOff();
  expect(readChoice()).toBeNull();
  expect(browser.unregister).toHaveBeenCalledOnce();
  expect(unsubscribe).toHaveBeenCalledOnce();
});

it("notifications stay off without the permission", async () => {
  const browser = fakeBrowser();
  allow("denied");
  expect(await turnOn()).toBe(false);
  expect(readChoice()).toBeNull();
  expect(browser.pushManager.subscribe).not.toHaveBeenCalled();
});

it("leaves notifications to open tabs when nothing can be pushed", async () => {
  const browser = fakeBrowser();
  settings.mockResolvedValueOnce({ pushKey: null });
  await turnOn();
  expect(readChoice()).toBe("page");
  expect(browser.pushManager.subscribe).not.toHaveBeenCalled();

  browser.pushManager.subscribe.mockRejectedValueOnce(new Error("AbortError"));
  await turnOn();
  expect(readChoice()).toBe("page");

  subscribe.mockRejectedValueOnce(new Error("refused"));
  await turnOn();
  expect(readChoice()).toBe("page");
  await turnOff();
  expect(unsubscribe).not.toHaveBeenCalled();
});

it("subscribes again with each document, and anew when the site has other keys", async () => {
  const browser = fakeBrowser();
  await turnOn();
  settings.mockResolvedValueOnce({ pushKey: "another key" });
  await renewNotifications();
  expect(browser.subscribedWith()).toBe("another key");
  expect(readChoice()).toBe("push");
  expect(subscribe).toHaveBeenCalledTimes(2);
});

it("a renewal that fails keeps the choice, because the worker may have the subscription", async () => {
  const browser = fakeBrowser();
  await turnOn();
  settings.mockRejectedValueOnce(new Error("offline"));
  await expect(renewNotifications()).rejects.toThrow("offline");
  expect(readChoice()).toBe("push");
  browser.pushManager.subscribe.mockRejectedValueOnce(new Error("AbortError"));
  // Its second try, with the subscription that it has.
  browser.pushManager.subscribe.mockRejectedValueOnce(new Error("AbortError"));
  await expect(renewNotifications()).rejects.toThrow("AbortError");
  expect(readChoice()).toBe("push");
  subscribe.mockRejectedValueOnce(new Error("refused"));
  await expect(renewNotifications()).rejects.toThrow("refused");
  expect(readChoice()).toBe("push");

  settings.mockResolvedValueOnce({ pushKey: null });
  await renewNotifications();
  expect(readChoice()).toBe("page");
});

it("unregisters the service worker that another user has left in the browser", async () => {
  const browser = fakeBrowser();
  writeChoice("push");
  openStorage({ id: "another", isGuest: false });
  await renewNotifications();
  expect(browser.unregister).toHaveBeenCalledOnce();
  expect(subscribe).not.toHaveBeenCalled();
});

it("a renewal undoes nothing that the user does meanwhile", async () => {
  const browser = fakeBrowser();
  await turnOn();
  const off = renewNotifications();
  await turnOff();
  await off;
  expect(readChoice()).toBeNull();
  expect(browser.unregister).toHaveBeenCalledTimes(2);

  const on = turnOn();
  await renewNotifications();
  await on;
  expect(readChoice()).toBe("push");
  expect(browser.unregister).toHaveBeenCalledTimes(2);
});
