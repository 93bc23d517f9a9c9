import type { ChatImportOutput } from "api-worker/contracts/transfer";
import { expect, test } from "vitest";
import { ImportRun } from "./import-run.ts";

type Sent = { data: { length: number }; importId: string };

/** A worker that accepts every piece. `answers` are used instead, in order. */
function fakePort(answers: (Error | "answer")[] = []) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  let importedCount = 0;
  return {
    sent,
    importedCount: () => importedCount,
    waits,
    async wait(ms: number) {
      waits.push(ms);
    },
    onImported: () => {
      importedCount += 1;
    },
    async send(input: { data: unknown; importId: string }): Promise<ChatImportOutput> {
      const known = input as Sent;
      sent.push(known);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      const imported = Array.from({ length: known.data.length - 1 }, (_, index) => ({
        index,
        chatId: `${input.importId}-${index}`,
        title: "A chat",
        messageCount: 1,
      }));
      const failure = { index: known.data.length - 1, title: "Odd", message: "It is odd." };
      const failures = [{ kind: "chat" as const, ...failure }];
      return { imported, importedDocuments: [], failures };
    },
  };
}

const fileOf = (text: string, name = "chats.json") => new File([text], name);
const chats = (count: number) => fileOf(JSON.stringify(Array(count).fill({ mapping: {} })));
const refusal = Object.assign(new Error("No chats."), {
  data: { errorCode: "INVALID", httpStatus: 400, requestId: "r" },
});

test("a file is sent piece by piece, and failures name their place in the file", async () => {
  const port = fakePort();
  const run = new ImportRun(port);
  const progress: number[] = [];
  run.store.subscribe(() => {
    if (run.state.kind === "running") progress.push(run.state.doneCount);
  });
  await run.start(chats(60));
  expect(progress).toEqual([0, 25, 50]);
  expect(run.state).toMatchObject({ kind: "done", doneCount: 60, totalCount: 60 });
  if (run.state.kind !== "done") throw new Error("It is done.");
  expect(run.state.imported).toHaveLength(57);
  expect(run.state.failures.map(({ place }) => place)).toEqual([25, 50, 60]);
  expect(new Set(port.sent.map(({ importId }) => importId)).size).toBe(3);
  expect(port.importedCount()).toBe(3);
});

test("a second start is ignored while the first is under way", async () => {
  const port = fakePort();
  const run = new ImportRun(port);
  await Promise.all([run.start(chats(3)), run.start(chats(3))]);
  expect(port.sent).toHaveLength(1);
});

test("an interrupted import continues with the piece whose response was lost, under the same id", async () => {
  const port = fakePort(["answer", new TypeError("Failed to fetch")]);
  const run = new ImportRun(port);
  await run.start(chats(60));
  expect(run.state).toMatchObject({ kind: "held", doneCount: 25 });
  await Promise.all([run.goOn(), run.goOn()]);
  expect(run.state).toMatchObject({ kind: "done", doneCount: 60 });
  expect(port.sent).toHaveLength(4);
  expect(port.sent[2]?.importId).toBe(port.sent[1]?.importId);
  run.clear();
  expect(run.state).toEqual({ kind: "idle" });
});

test("a refused piece does not hold up the others; a file of one refused piece is refused", async () => {
  const run = new ImportRun(fakePort(["answer", refusal]));
  await run.start(chats(60));
  expect(run.state).toMatchObject({ kind: "done", doneCount: 60 });
  expect(run.state).toHaveProperty("failures.length", 1 + 25 + 1);
  const small = new ImportRun(fakePort([refusal]));
  await small.start(chats(2));
  expect(small.state).toEqual({ kind: "refused", fileName: "chats.json", problem: "No chats." });
});

test.each([
  ["not JSON", fileOf("{"), /isn’t a valid JSON file/],
  ["an archive", fileOf("PK", "export.ZIP"), /Extract it/],
])("%s is refused before anything is sent", async (_, file, problem) => {
  const port = fakePort();
  const run = new ImportRun(port);
  await run.start(file);
  expect(run.state).toMatchObject({ kind: "refused", problem: expect.stringMatching(problem) });
  expect(port.sent).toEqual([]);
});

test("a piece that must wait is sent again after the wait, a limited number of times", async () => {
  const limited = (fields: object) =>
    Object.assign(new Error("Wait."), { data: { httpStatus: 429, requestId: "r", ...fields } });
  const busy = limited({ errorCode: "CONFLICT" });
  const fast = limited({ errorCode: "RATE_LIMITED", retryAfterSeconds: 30 });
  const port = fakePort([busy, fast, "answer"]);
  const run = new ImportRun(port);
  const paused: boolean[] = [];
  run.store.subscribe(() => {
    if (run.state.kind === "running") paused.push(run.state.isPaused);
  });
  await run.start(chats(3));
  expect(run.state).toMatchObject({ kind: "done", doneCount: 3 });
  expect(port.waits).toEqual([5_000, 30_000]);
  expect(paused).toEqual([false, true, false, true, false]);
  expect(new Set(port.sent.map(({ importId }) => importId)).size).toBe(1);

  const stuck = fakePort(Array(20).fill(busy));
  const other = new ImportRun(stuck);
  await other.start(chats(3));
  expect(other.state).toMatchObject({ kind: "held", doneCount: 0 });
  expect(stuck.sent).toHaveLength(10);
});
