import { beforeEach, describe, expect, it, vi } from "vitest";
import { readDraft, writeDraft } from "./draft.ts";
import { openStorage } from "./local-storage.ts";

/** A browser's storage, of which each document sees the same. */
function stubStorage(): Record<string, string> {
  const values: Record<string, string> = {};
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
  vi.stubGlobal("localStorage", storage);
  return values;
}

const ada = { id: "ada", isGuest: false };
const bob = { id: "bob", isGuest: false };
const guest = { id: "guest", isGuest: true };

describe("storage", () => {
  let values: Record<string, string>;
  beforeEach(() => {
    values = stubStorage();
  });

  it("keeps a user's drafts over documents", () => {
    openStorage(ada);
    writeDraft(null, "unsent");
    openStorage(ada);
    expect(readDraft(null)).toBe("unsent");
  });

  it("deletes what another user has left", () => {
    openStorage(ada);
    writeDraft(null, "a secret");
    writeDraft("chat", "another");
    openStorage(bob);
    expect(readDraft(null)).toBe("");
    expect(readDraft("chat")).toBe("");
    expect(JSON.stringify(values)).not.toContain("secret");
    openStorage(ada);
    expect(readDraft(null)).toBe("");
  });

  it("deletes keys of no user, and leaves those of other software", () => {
    values["alleato:draft:new"] = "old";
    values.other = "kept";
    openStorage(ada);
    expect(Object.keys(values).sort()).toEqual(["alleato:user", "other"]);
  });

  it("moves a guest's drafts to the account that the guest logs in to", () => {
    openStorage(guest);
    writeDraft(null, "unsent");
    openStorage(ada);
    expect(readDraft(null)).toBe("unsent");
    expect(Object.keys(values).some((key) => key.includes("guest:"))).toBe(false);
  });

  it("keeps the drafts of a guest who signs up under the same id", () => {
    openStorage(guest);
    writeDraft(null, "unsent");
    openStorage({ ...guest, isGuest: false });
    expect(readDraft(null)).toBe("unsent");
  });

  it("gives an account's drafts to no guest", () => {
    openStorage(ada);
    writeDraft(null, "unsent");
    openStorage(guest);
    expect(readDraft(null)).toBe("");
  });
});
