import { expect, it } from "vitest";
import { rehearseAnswer } from "./rehearse-answer.ts";

it("reads an answer to its end", async () => {
  const parts = await rehearseAnswer();
  expect(parts).toMatchObject([
    { type: "text", text: "An **answer**, with `code`.", state: "done" },
  ]);
});
