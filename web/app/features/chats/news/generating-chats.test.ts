import { describe, expect, it, vi } from "vitest";
import { GeneratingChats } from "./generating-chats.ts";

describe("generating chats", () => {
  it("are those whose turn has started and not ended", () => {
    const chats = new GeneratingChats();
    const listener = vi.fn();
    chats.store.subscribe(listener);
    chats.start("chat-1", "turn-1");
    expect(chats.has("chat-1")).toBe(true);
    expect(chats.has("chat-2")).toBe(false);
    chats.end("chat-1", "turn-1");
    expect(chats.has("chat-1")).toBe(false);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it("stay marked when the end of an earlier turn arrives late", () => {
    const chats = new GeneratingChats();
    chats.start("chat-1", "turn-2");
    chats.end("chat-1", "turn-1");
    expect(chats.has("chat-1")).toBe(true);
    chats.replace(["chat-1"]);
    chats.end("chat-1", "turn-1");
    expect(chats.has("chat-1")).toBe(true);
    chats.end("chat-1", "turn-2");
    expect(chats.has("chat-1")).toBe(false);
  });

  it("are replaced by a snapshot", () => {
    const chats = new GeneratingChats();
    chats.start("chat-1", "turn-1");
    chats.replace(["chat-2"]);
    expect(chats.has("chat-1")).toBe(false);
    expect(chats.has("chat-2")).toBe(true);
    chats.end("chat-2", "turn-7");
    expect(chats.has("chat-2")).toBe(false);
  });
});
