import type { SuggestionState } from "api-worker/contracts/suggestions";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DecisionSender } from "./decision-sender.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const server = { isSaved: true, failure: null as Error | null, calls: [] as string[] };
  const sender = new DecisionSender({
    async send(ids, state) {
      if (server.failure) throw server.failure;
      server.calls.push(`${state}: ${ids.join(", ")}`);
    },
    isLost: (error) => (error as Error).message === "lost",
    isSaved: () => server.isSaved,
    onSent: () => {},
  });
  const decide = (decisions: Record<string, SuggestionState>) =>
    sender.decide(new Map(Object.entries(decisions)));
  return { server, sender, decide };
}

test("decisions are sent once, together", async () => {
  const { server, sender, decide } = open();
  await decide({ a: "accepted", b: "rejected", c: "accepted", d: "open" });
  await sender.flush();
  expect(server.calls).toEqual(["rejected: b", "accepted: a, c"]);
});

test("what changes the text waits until the text is saved", async () => {
  const { server, sender, decide } = open();
  server.isSaved = false;
  await decide({ a: "accepted", b: "rejected" });
  expect(server.calls).toEqual(["rejected: b"]);
  server.isSaved = true;
  await sender.flush();
  expect(server.calls).toEqual(["rejected: b", "accepted: a"]);
});

test("a decision that is undone before it was sent is not sent, and later is taken back", async () => {
  const { server, decide } = open();
  server.isSaved = false;
  await decide({ a: "accepted" });
  server.isSaved = true;
  await decide({ a: "open" });
  expect(server.calls).toEqual([]);
  await decide({ a: "accepted" });
  await decide({ a: "open" });
  expect(server.calls).toEqual(["accepted: a", "open: a"]);
});

test("a decision without a response is sent again", async () => {
  const { server, decide } = open();
  server.failure = new Error("offline");
  await decide({ a: "accepted" });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.calls).toEqual([]);
  server.failure = null;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.calls).toEqual(["accepted: a"]);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.calls).toHaveLength(1);
});

test("decisions about a document that was deleted end there", async () => {
  const { server, decide } = open();
  server.failure = new Error("lost");
  await decide({ a: "accepted" });
  server.failure = null;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.calls).toEqual([]);
});
