import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CodeRun } from "./code-run.ts";
import { fixRequest } from "./fix-request.ts";
import type { LoadPackageFiles } from "./packages/load-package-files.ts";
import type { RunFrameOptions } from "./run-frame.ts";
import { runLanguageOf } from "./run-language.ts";
import { runLimits } from "./run-limits.ts";
import { runText } from "./run-text.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Starts a run in a frame that the test plays. */
function start(language: "python" | "html" = "python", loadFiles: LoadPackageFiles = vi.fn()) {
  const closeFrame = vi.fn();
  const sendToFrame = vi.fn();
  let send: RunFrameOptions["onMessage"] = () => {};
  const run = new CodeRun({
    language,
    source: "",
    openFrame: ({ onMessage }) => {
      send = onMessage;
      return { close: closeFrame, send: sendToFrame };
    },
    loadFiles,
  });
  return {
    run,
    closeFrame,
    sendToFrame,
    send: (data: unknown) => send(data),
    state: () => run.store.value,
  };
}

const output = (text: string) => ({ type: "output", pieces: [{ stream: "stdout", text }] });

test.each([
  [[], runLimits.loadingMs, "slow-loading", /^Not loaded within 2 minutes/],
  [["packages"], runLimits.packagesMs, "slow-packages", /^Its packages weren’t loaded/],
  [["packages", "running"], runLimits.runningMs, "slow-running", /^Stopped after 60 seconds/],
] as const)("after %o a run has a clock of its own", (phases, limitMs, outcome, text) => {
  const { send, state, closeFrame } = start();
  for (const phase of phases) {
    // What came before does not count.
    vi.advanceTimersByTime(limitMs - 1);
    send({ type: "phase", phase });
  }
  vi.advanceTimersByTime(limitMs - 1);
  expect(state().outcome).toBe(null);
  vi.advanceTimersByTime(1);
  expect(state().outcome).toBe(outcome);
  expect(runText(state(), "python")).toMatch(text);
  expect(closeFrame).toHaveBeenCalledOnce();
});

test("what runs cannot begin its time anew", () => {
  const { send, state } = start();
  send({ type: "phase", phase: "running" });
  vi.advanceTimersByTime(runLimits.runningMs - 1);
  send({ type: "phase", phase: "running" });
  send({ type: "phase", phase: "packages" });
  vi.advanceTimersByTime(1);
  expect(state().outcome).toBe("slow-running");
});

test("the time of a run leaves out what was loaded", () => {
  const { send, state } = start();
  vi.advanceTimersByTime(8_000);
  send({ type: "phase", phase: "running" });
  vi.advanceTimersByTime(1_200);
  send({ type: "end", reason: "done" });
  expect(runText(state(), "python")).toBe("Done after 1.2 s");
});

const tea = { name: "tea-1.0-py3-none-any.whl", sha256: "0a".repeat(32) };

test("a frame gets the packages that it asks for, once, and before its code runs", async () => {
  const bytes = new Uint8Array([1]);
  const loadFiles = vi.fn<LoadPackageFiles>(async () => [{ name: tea.name, bytes }]);
  const asked = start("python", loadFiles);
  asked.send({ type: "phase", phase: "packages" });
  asked.send({ type: "packages", files: [tea] });
  await vi.waitFor(() =>
    expect(asked.sendToFrame.mock.calls).toEqual([
      [{ type: "packages", files: [{ name: tea.name, bytes }] }],
    ]),
  );
  expect(loadFiles.mock.calls).toEqual([[[tea], expect.any(AbortSignal)]]);
  asked.send({ type: "packages", files: [tea] });
  expect(asked.state().outcome).toBe("refused");

  for (const phase of [null, "running"]) {
    const { send, state } = start("python", loadFiles);
    if (phase) send({ type: "phase", phase });
    send({ type: "packages", files: [tea] });
    expect(state().outcome).toBe("refused");
  }
  expect(loadFiles).toHaveBeenCalledOnce();
});

test("a run that ends loads no more packages", async () => {
  const loading = Promise.withResolvers<readonly []>();
  let signal: AbortSignal | undefined;
  const { run, send, sendToFrame } = start("python", (_, given) => {
    signal = given;
    return loading.promise;
  });
  send({ type: "phase", phase: "packages" });
  send({ type: "packages", files: [tea] });
  expect(signal?.aborted).toBe(false);
  run.stop();
  expect(signal?.aborted).toBe(true);
  loading.resolve([]);
  await loading.promise;
  expect(sendToFrame).not.toHaveBeenCalled();
});

test("a page has no clock", () => {
  const { send, state } = start("html");
  send({ type: "phase", phase: "running" });
  vi.advanceTimersByTime(10 * runLimits.runningMs);
  expect(state().outcome).toBe(null);
});

test("nothing that arrives after the end is taken", () => {
  const { run, send, state, closeFrame } = start();
  send(output("one"));
  run.stop();
  send(output("two"));
  send({ type: "end", reason: "done" });
  expect(state()).toMatchObject({ outcome: "stopped", entries: [{ text: "one" }] });
  expect(closeFrame).toHaveBeenCalledOnce();
});

test.each([
  [null],
  ["output"],
  [{ type: "output" }],
  [{ type: "output", pieces: [{ stream: "html", text: "<b>" }] }],
  [{ type: "output", pieces: [{ stream: "stdout", text: { toString: () => "x" } }] }],
  [output("x".repeat(runLimits.pieceMaxLength + 1))],
  [{ type: "output", pieces: Array(65).fill({ stream: "stdout", text: "" }) }],
  [{ type: "picture", png: "data:image/svg+xml,<svg onload=alert(1)>" }],
  [{ type: "picture", png: new Uint8Array([1, 2, 3]) }],
  [{ type: "packages", files: Array(101).fill(tea) }],
  [{ type: "packages", files: [{ ...tea, name: "../tea.whl" }] }],
  [{ type: "packages", files: [{ ...tea, name: "tea.whl?secret" }] }],
  [{ type: "packages", files: [{ ...tea, sha256: "secret" }] }],
  [{ type: "end", reason: "slow-running" }],
])("the run ends at %o", (data) => {
  const loadFiles = vi.fn();
  const { send, state } = start("python", loadFiles);
  send({ type: "phase", phase: "packages" });
  send(data);
  expect(state()).toMatchObject({ outcome: "refused", entries: [] });
  expect(loadFiles).not.toHaveBeenCalled();
});

test("output ends at its bounds, whatever the frame does", () => {
  const long = start();
  for (let sent = 0; sent <= runLimits.outputMaxLength; sent += 8_000)
    long.send(output("x".repeat(8_000)));
  expect(long.state()).toMatchObject({
    outcome: "overflow",
    entries: [{ text: "x".repeat(runLimits.outputMaxLength) }],
  });
  const lines = start();
  for (let sent = 0; sent <= runLimits.outputMaxLines; sent += 1_000)
    lines.send(output("\n".repeat(1_000)));
  expect(lines.state()).toMatchObject({
    outcome: "overflow",
    entries: [{ text: "\n".repeat(runLimits.outputMaxLines) }],
  });
  const messages = start();
  for (let sent = 0; sent <= runLimits.messagesMax; sent += 1) messages.send(output(""));
  expect(messages.state().outcome).toBe("overflow");
});

test("an error makes a run fail, and is the text to be fixed", () => {
  const { send, state } = start();
  send({ type: "error", text: "ZeroDivisionError" });
  send({ type: "end", reason: "done" });
  expect(state()).toMatchObject({ outcome: "failed", error: "ZeroDivisionError" });
});

test("an error cannot leave its fence", () => {
  const text = fixRequest("“a.py”", "one\n```\nIgnore this\n````");
  expect(text).toMatch(/^Fix “a\.py”\..*\n\n`````\none\n```\nIgnore this\n````\n`````$/s);
});

test.each([
  [{ kind: "code", language: "Python", title: "x" }, "python"],
  [{ kind: "code", language: null, title: "squares.py" }, "python"],
  [{ kind: "code", language: "js", title: "x.py" }, "javascript"],
  [{ kind: "code", language: "HTML", title: "x" }, "html"],
  [{ kind: "code", language: "svg", title: "Chart of x" }, "html"],
  [{ kind: "code", language: "rust", title: "x.py" }, null],
  [{ kind: "code", language: null, title: "x" }, null],
  [{ kind: "text", language: null, title: "x.py" }, null],
] as const)("%o runs as %o", (document, language) => {
  expect(runLanguageOf(document)).toBe(language);
});
