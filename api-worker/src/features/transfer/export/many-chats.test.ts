/** Exports of more chats than one invocation of the Free plan could read one by one. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { countInvocations, freePlan, largest } from "../../../../test/invocations.ts";
import { createManyChats } from "../../../../test/many-chats.ts";
import { exportedChatSchema } from "../../../contracts/transfer.ts";

const chatCount = 1_600;

async function exportAll({ api }: Caller, format: "json" | "markdown") {
  const texts: string[] = [];
  let cursor: string | null = null;
  do {
    const piece: Awaited<ReturnType<typeof api.chats.export.query>> = await api.chats.export.query({
      format,
      cursor,
    });
    texts.push(piece.text);
    cursor = piece.nextCursor;
  } while (cursor !== null);
  return texts;
}

test("1,600 chats are exported as one valid file, in invocations of at most 50 requests", async () => {
  const owner = await callerFor("owner");
  await createManyChats(owner.user, chatCount, 3);
  // Every tenth chat has a document, and one has more messages than are read at once.
  await env.CONTENT_0.batch([
    env.CONTENT_0.prepare(
      `INSERT INTO documents (userId, id, chatId, kind, title, version, createdAt, updatedAt)
        SELECT userId, 'd-' || id, id, 'text', 'Notes of ' || title, 1, 1, 1
        FROM chats WHERE userId = ? AND title LIKE '%0'`,
    ).bind(owner.user.id),
    env.CONTENT_0.prepare(
      `INSERT INTO documentVersions (userId, documentId, version, number, author, content,
          contentHash, startedAt, createdAt)
        SELECT userId, id, 1, 1, 'person', title, '', 1, 1 FROM documents WHERE userId = ?`,
    ).bind(owner.user.id),
    env.CONTENT_0.prepare(
      `INSERT INTO messages (userId, id, chatId, role, parts, status, createdAt)
        SELECT userId, 'more-' || id, '00000000-0000-7000-8000-000000000007', 'user', parts,
          status, createdAt
        FROM messages WHERE userId = ? AND id < '00000000-0000-7000-9000-000000000064'`,
    ).bind(owner.user.id),
  ]);
  let json: string[] = [];
  let markdown: string[] = [];
  const seen = await countInvocations(async () => {
    json = await exportAll(owner, "json");
    markdown = await exportAll(owner, "markdown");
  });
  const exports = seen.filter(({ name }) => name.endsWith("/trpc/chats.export"));
  expect(exports.length).toBe(json.length + markdown.length);
  expect(largest(exports).subrequests).toBeLessThanOrEqual(freePlan);

  const file: { chats: unknown[] } = JSON.parse(json.join(""));
  const chats = file.chats.map((chat) => exportedChatSchema.parse(chat));
  expect(chats).toHaveLength(chatCount);
  for (const [index, { title, messages, documents }] of chats.entries()) {
    expect(title).toBe(`Chat ${index}`);
    const own = messages.filter(({ id }) => !id.startsWith("more-"));
    const texts = own.map(({ parts }) => parts[0]?.text);
    expect(texts).toEqual([0, 1, 2].map((number) => `Message ${index * 3 + number}`));
    expect(messages.length).toBe(index === 7 ? 103 : 3);
    expect(documents.map((document) => document.title)).toEqual(
      title.endsWith("0") ? [`Notes of ${title}`] : [],
    );
  }
  const text = markdown.join("");
  expect(text.match(/^# Chat \d+$/gm)).toHaveLength(chatCount);
  expect(text.match(/^Message \d+$/gm)).toHaveLength(chatCount * 3);
});

test("chats that are read together are written as each is by itself", async () => {
  const owner = await callerFor("owner");
  await createManyChats(owner.user, 3, 2);
  const rows = await env.CONTENT_0.prepare("SELECT id FROM chats WHERE userId = ? ORDER BY id")
    .bind(owner.user.id)
    .all<{ id: string }>();
  const alone: string[] = [];
  for (const { id: chatId } of rows.results) {
    const { text } = await owner.api.chats.export.query({ chatId, format: "markdown" });
    alone.push(text);
  }
  const all = await exportAll(owner, "markdown");
  expect(all.join("")).toBe(alone.join("\n---\n\n"));
});
