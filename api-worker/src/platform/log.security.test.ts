/** Attack: a text that is logged begins a line of its own, or changes the fields of its line. */
import { afterEach, expect, test, vi } from "vitest";
import { createLogger } from "./log.ts";

afterEach(() => vi.restoreAllMocks());

const texts = [
  'a\n{"level":"error","event":"request.failed"}',
  "a\r\nb",
  'a","level":"error","x":"',
  "a\u0000\u001b[2Jb",
];

test.each(texts)("a text stays one value of one line: %j", (text) => {
  const lines: string[] = [];
  for (const name of ["log", "warn", "error"] as const) {
    vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line));
  }
  const log = createLogger({ requestId: text });
  log.info("trpc.call", { detail: text });
  log.warn("settings.invalid_value", { detail: text });
  log.error("request.failed", new Error(text), { detail: text });
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    // No control character is in the line as it is, so none ends it or reaches a terminal.
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(line)).toMatchObject({ requestId: text, detail: text });
  }
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(["info", "warn", "error"]);
});
