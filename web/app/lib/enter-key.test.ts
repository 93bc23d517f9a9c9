import type { KeyboardEvent } from "react";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { isSendKey, readEnterKey, setEnterKey } from "./enter-key.ts";
import { openStorage, writeStored } from "./local-storage.ts";

let isTouchScreen: boolean;
beforeEach(() => {
  isTouchScreen = false;
  const values = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, text: string) => values.set(key, text),
    removeItem: (key: string) => values.delete(key),
  });
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: query === "(pointer: coarse)" && isTouchScreen,
  }));
  openStorage({ id: "ada", isGuest: false });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const key = (change: Partial<KeyboardEvent>) => ({ key: "Enter", ...change }) as KeyboardEvent;

test("Enter sends, and on a touch screen adds a line, unless the user has chosen", () => {
  expect(readEnterKey()).toBe("send");
  isTouchScreen = true;
  expect(readEnterKey()).toBe("line");
  setEnterKey("send");
  expect(readEnterKey()).toBe("send");
  setEnterKey("line");
  isTouchScreen = false;
  expect(readEnterKey()).toBe("line");
});

test("a choice made in another tab replaces the one made here", () => {
  setEnterKey("send");
  // What the other tab does.
  writeStored("enter-key", "line");
  expect(readEnterKey()).toBe("line");
});

test.each(["line", "send"] as const)(
  "the choice %s holds for the page without storage",
  (choice) => {
    const forbidden = () => {
      throw new DOMException("Forbidden.", "SecurityError");
    };
    vi.stubGlobal("localStorage", {
      getItem: forbidden,
      setItem: forbidden,
      removeItem: forbidden,
    });
    setEnterKey(choice);
    expect(readEnterKey()).toBe(choice);
  },
);

describe.each(["send", "line"] as const)("with the choice %s", (choice) => {
  it("sends with these keys", () => {
    setEnterKey(choice);
    expect(isSendKey(key({}))).toBe(choice === "send");
    expect(isSendKey(key({ ctrlKey: true }))).toBe(true);
    expect(isSendKey(key({ metaKey: true }))).toBe(true);
    expect(isSendKey(key({ shiftKey: true }))).toBe(false);
    expect(isSendKey(key({ key: "a", ctrlKey: true }))).toBe(false);
  });
});
