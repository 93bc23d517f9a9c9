import { describe, expect, it } from "vitest";
import { servedMax } from "../../../lib/render-budget.ts";
import type { ChatMessage } from "../message.ts";
import { affordable, servedLengths } from "./served-text.ts";

const message = (id: string, role: "user" | "assistant", ...texts: string[]): ChatMessage => ({
  id,
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});

describe("what the server renders", () => {
  it("is all of a usual page", () => {
    const answer = `## A title\n\nA paragraph with $x^2$ and **bold** words.\n\n- one\n- two\n\n\`\`\`ts\nconst a = 1;\n\`\`\`\n`;
    const messages = Array.from({ length: 16 }, (_, index) =>
      message(`m${index}`, index % 2 ? "assistant" : "user", answer.repeat(4)),
    );
    expect(servedLengths(messages).lengths.size).toBe(0);
    expect(servedLengths([message("a", "assistant", "word ".repeat(20_000))]).lengths.size).toBe(0);
  });

  it("begins with the newest answer, and counts all its texts", () => {
    const half = "w".repeat(servedMax / 2);
    const { lengths: served } = servedLengths([
      message("old", "assistant", half),
      message("question", "user", half.repeat(10)),
      message("new", "assistant", half, "w".repeat(1000)),
    ]);
    expect([...served.keys()]).toEqual(["old"]);
    expect(served.get("old")).toBe(servedMax / 2 - 1000);
    const parts = servedLengths([message("a", "assistant", half, half, half)]).lengths;
    expect(parts.get("a")).toBe(servedMax);
  });

  it("ends with a line, and never within a character", () => {
    expect(affordable("one\ntwo\nthree", 20).length).toBe("one\n".length);
    const faces = "😀".repeat(3000);
    expect(affordable(faces, 4001).length % 2).toBe(0);
  });

  it("is less of formulas and code", () => {
    const prose = affordable("word ".repeat(100_000), servedMax).length;
    expect(affordable("$x$ ".repeat(100_000), servedMax).length).toBeLessThan(prose / 20);
    expect(affordable("```js\na()\n```\n".repeat(10_000), servedMax).length).toBeLessThan(
      prose / 50,
    );
  });
});
