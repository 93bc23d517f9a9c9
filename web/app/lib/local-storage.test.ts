import { beforeEach, describe, expect, it, vi } from "vitest";
import { readDraft, writeDraft } from "./draft.ts";
import { openStorage } from "./local-storage.ts";

/** A browser's storage, of which each document sees the same. */
function stubStorage(
  name: "localStorage" | "sessionStorage" = "localStorage",
  values: Record<string, string> = {},
): Record<string, string> {
  const methods = {
    getItem: (key: string) => values[key] ?? null,
    setItem: (key: string, value: string) => {
      values[key] = value;
    },
    removeItem: (key: string) => {
      delete values[key];
    },
  };
  const storage = new Proxy(values, {
    get: (target, key) => Reflect.get(methods, key) ?? Reflect.get(target, key),
  });
  vi.stubGlobal(name, storage);
  return values;
}

const ada = { id: "ada", isGuest: false };
const bob = { id: "bob", isGuest: false };
const guest = { id: "guest", isGuest: true };

describe("storage", () => {
  let values: Record<string, string>;
  beforeEach(() => {
    values = stubStorage();
    stubStorage("sessionStorage");
  });

  it("keeps a user's drafts over documents", () => {
    openStorage(ada);
    writeDraft("new", "unsent");
    openStorage(ada);
    expect(readDraft("new")).toBe("unsent");
  });

  it("deletes what another user has left", () => {
    openStorage(ada);
    writeDraft("new", "a secret");
    writeDraft("chat", "another");
    openStorage(bob);
    expect(readDraft("new")).toBe("");
    expect(readDraft("chat")).toBe("");
    expect(JSON.stringify(values)).not.toContain("secret");
    openStorage(ada);
    expect(readDraft("new")).toBe("");
  });

  it("deletes keys of no user, and leaves those of other software", () => {
    values["alleato:draft:new"] = "old";
    values.other = "kept";
    openStorage(ada);
    expect(Object.keys(values).sort()).toEqual(["alleato:user", "other"]);
  });

  it("moves a guest's drafts to the account that the guest logs in to", () => {
    openStorage(guest);
    writeDraft("new", "unsent");
    openStorage(ada);
    expect(readDraft("new")).toBe("unsent");
    expect(Object.keys(values).some((key) => key.includes("guest:"))).toBe(false);
  });

  it("keeps the drafts of a guest who signs up under the same id", () => {
    openStorage(guest);
    writeDraft("new", "unsent");
    openStorage({ ...guest, isGuest: false });
    expect(readDraft("new")).toBe("unsent");
  });

  it("gives an account's drafts to no guest", () => {
    openStorage(ada);
    writeDraft("new", "unsent");
    openStorage(guest);
    expect(readDraft("new")).toBe("");
  });
});

describe("drafts of several tabs", () => {
  let browser: Record<string, string>;
  /** Switches to a tab, by its session storage. */
  let inTab: (tab: Record<string, string>) => void;
  beforeEach(() => {
    browser = stubStorage();
    inTab = (tab) => {
      stubStorage("sessionStorage", tab);
      openStorage(ada);
    };
  });

  it("keeps each tab's text, and the last one for later tabs", () => {
    const [first, second, third] = [{}, {}, {}];
    inTab(first);
    writeDraft("chat", "of the first");
    inTab(second);
    writeDraft("chat", "of the second");
    inTab(first);
    expect(readDraft("chat")).toBe("of the first");
    inTab(third);
    expect(readDraft("chat")).toBe("of the second");
  });

  it("clears the text for later tabs only in the tab that shows it", () => {
    const [first, second, third] = [{}, {}, {}];
    inTab(first);
    writeDraft("chat", "of the first");
    inTab(second);
    writeDraft("chat", "of the second");
    inTab(first);
    writeDraft("chat", "");
    inTab(third);
    expect(readDraft("chat")).toBe("of the second");
    writeDraft("chat", "");
    inTab({});
    expect(readDraft("chat")).toBe("");
  });

  it("shows another user nothing of a tab", () => {
    const tab: Record<string, string> = {};
    inTab(tab);
    writeDraft("chat", "a secret");
    openStorage(bob);
    expect(readDraft("chat")).toBe("");
    expect(JSON.stringify([browser, tab])).not.toContain("secret");
  });
});
