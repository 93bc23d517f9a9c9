import { expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { createChat } from "../../../test/factories.ts";
import { limits } from "../../contracts/limits.ts";
import { fileNameOf } from "./export/export-file.ts";

const family = "👨‍👩‍👧‍👦";

test.each([
  ["Recipes", "Recipes.md"],
  ["हिन्दी में क्षत्रिय", "हिन्दी-में-क्षत्रिय.md"],
  ["ปีนี้น้ำท่วมกี่ครั้ง?", "ปีนี้น้ำท่วมกี่ครั้ง.md"],
  ["தமிழ் மொழி", "தமிழ்-மொழி.md"],
  ["می‌خواهم بروم", "می‌خواهم-بروم.md"],
  ["שָׁלוֹם עולם", "שָׁלוֹם-עולם.md"],
  ["Cafe\u0301 au lait", "Café-au-lait.md"],
  ["❤️ and 1️⃣ / two\\three", "and-1️⃣-two-three.md"],
  ["👋🏽", "chat.md"],
  ["../../etc/passwd", "etc-passwd.md"],
  ["x".repeat(80), `${"x".repeat(60)}.md`],
  ["กี่".repeat(25), `${"กี่".repeat(20)}.md`],
  [`x${"क्षि".repeat(20)}`, `x${"क्षि".repeat(14)}.md`],
  [`${"x".repeat(59)} y`, `${"x".repeat(59)}.md`],
])("the chat %j is exported as %j", (title, expected) => {
  expect(fileNameOf(title, "markdown")).toBe(expected);
});

test("an export has the name of its chat", async () => {
  const owner = await callerFor("owner");
  const chat = await createChat(owner.user, { title: "हिन्दी में" });
  const { fileName } = await owner.api.chats.export.query({ chatId: chat.id, format: "json" });
  expect(fileName).toBe("हिन्दी-में.json");
});

const longTitles = [
  ["an emoji of several parts", `${"x".repeat(limits.titleMaxLength - 3)}${family}y`, 3],
  ["a Thai vowel sign", `${"x".repeat(limits.titleMaxLength - 2)}กี่y`, 2],
  ["a pair of code units", `${"x".repeat(limits.titleMaxLength - 1)}😀y`, 1],
] as const;

test.each(longTitles)("a title from ChatGPT is not cut inside %s", async (_, title, missing) => {
  const owner = await callerFor("owner");
  const mapping = {
    a: { message: { author: { role: "user" }, content: { content_type: "text", parts: ["hi"] } } },
  };
  const { imported } = await owner.api.chats.import.mutate({ data: [{ title, mapping }] });
  expect(imported).toMatchObject([{ title: "x".repeat(limits.titleMaxLength - missing) }]);
});

test.each(longTitles)(
  "a title from the template is not cut inside %s",
  async (_, title, missing) => {
    const owner = await callerFor("owner");
    const id = crypto.randomUUID();
    const data = {
      Chat: [{ id, createdAt: 1, title }],
      Message_v2: [
        { id: "a", chatId: id, role: "user", parts: [{ type: "text", text: "hi" }], createdAt: 1 },
      ],
    };
    const { imported } = await owner.api.chats.import.mutate({ data });
    expect(imported).toMatchObject([{ title: "x".repeat(limits.titleMaxLength - missing) }]);
  },
);
