/** Content in every table of the registry, for tests that cover all of them. */
import { env } from "cloudflare:workers";
import { type BatchQuery, contentTables, runBatch, sql, type UserRow } from "db";
import { chatRow, messageRow } from "db/factories";
import { noteChat } from "../src/features/search/note-changes.ts";
import { objectKey } from "../src/features/uploads/object-keys.ts";
import { contentFor } from "../src/platform/content.ts";
import { newId } from "../src/platform/ids.ts";
import { utcDay } from "../src/platform/utc-day.ts";

/** Storage limits that hold nothing back. */
export const noStorageLimits = { maxBytes: null, maxMessages: null, answerMaxBytes: 950_000 };

export type TableName = keyof typeof contentTables;
export const tableNames = Object.keys(contentTables) as TableName[];

type Owner = Pick<UserRow, "id" | "contentShard">;

/** Gives an owner rows in every content table: one chat with a question that has a file, and an answer. */
export async function fillContent(
  owner: Owner,
  { chatId = newId(), visibility }: { chatId?: string; visibility?: "public" } = {},
) {
  const content = contentFor(env, owner);
  const { kysely } = content;
  const { id: userId } = owner;
  const createdAt = Date.now();
  const uploadId = newId();
  const file = { type: "file", url: `/files/${uploadId}`, mediaType: "text/plain" };
  const parts = JSON.stringify([
    { ...file, filename: "a.txt" },
    { type: "text", text: "Read this." },
  ]);
  const key = { userId, chatId, createdAt };
  const question = messageRow({ ...key, id: newId(), role: "user", parts });
  const answer = messageRow({ ...key, id: newId(), role: "assistant", parentId: question.id });
  const currentMessageId = answer.id;
  const documentRow = {
    ...{ userId, id: newId(), chatId, kind: "text", title: "A letter" },
    ...{ version: 1, createdAt, updatedAt: createdAt },
  };
  const imageRow = { ...documentRow, id: newId(), kind: "image", title: "A picture" };
  const { uploads, ...others }: Record<TableName, BatchQuery[]> = {
    chats: [
      kysely.insertInto("chats").values(
        chatRow({
          userId,
          createdAt,
          id: chatId,
          currentMessageId,
          ...(visibility && { visibility }),
        }),
      ),
    ],
    messages: [kysely.insertInto("messages").values([question, answer])],
    votes: [
      kysely
        .insertInto("votes")
        .values({ userId, messageId: answer.id, isUpvoted: 1, updatedAt: createdAt }),
    ],
    uploads: [
      kysely.insertInto("uploads").values({
        userId,
        id: uploadId,
        chatId,
        name: "a.txt",
        mediaType: "text/plain",
        bytes: 10,
        sha256: uploadId,
        state: "ready",
        createdAt,
      }),
    ],
    usageDays: [
      kysely.insertInto("usageDays").values({
        userId,
        day: utcDay(createdAt),
        modelId: "demo",
        answers: 1,
        inputTokens: 2,
        outputTokens: 3,
        costNanos: 4,
      }),
    ],
    preferences: [
      kysely.insertInto("preferences").values({ userId, modelId: "demo", updatedAt: createdAt }),
    ],
    openStreams: [kysely.insertInto("openStreams").values({ userId, path: "a/stream", createdAt })],
    documents: [kysely.insertInto("documents").values(documentRow)],
    documentVersions: [
      kysely.insertInto("documentVersions").values({
        ...{ userId, documentId: documentRow.id, version: 1, number: 1, author: "model" },
        ...{ messageId: answer.id, content: "A letter.", contentHash: "", startedAt: createdAt },
        createdAt,
      }),
      kysely.insertInto("documents").values(imageRow),
      kysely.insertInto("documentVersions").values({
        ...{ userId, documentId: imageRow.id, version: 1, number: 1, author: "model" },
        ...{ messageId: answer.id, contentHash: "", startedAt: createdAt, createdAt },
        content: JSON.stringify({
          ...{ url: `/files/${uploadId}`, mediaType: "image/png", width: 1, height: 1 },
          prompts: ["a dot"],
        }),
      }),
    ],
    suggestions: [
      kysely.insertInto("suggestions").values({
        ...{ userId, documentId: documentRow.id, id: newId(), version: 1, messageId: answer.id },
        ...{ original: "letter", start: 2, proposed: "note", reason: "It is short.", createdAt },
      }),
    ],
    // Triggers fill these.
    messageFiles: [],
    documentFiles: [],
    contentUse: [],
    searchChanges: [noteChat(content, { userId, chatId })],
    goneChats: [
      kysely
        .insertInto("goneChats")
        .values({ userId, objectName: `${userId}/gone`, dueAt: createdAt }),
    ],
  };
  // The files are inserted before the message that contains them.
  await runBatch(content, [...uploads, ...Object.values(others).flat()]);
  await env.FILES.put(objectKey(uploadId), "ten bytes.");
  return { chatId, uploadId, answerId: answer.id };
}

/** How many rows an owner has in each table. */
export async function countRows(owner: Owner): Promise<Record<TableName, number>> {
  const results = await runBatch(
    contentFor(env, owner),
    tableNames.map(
      (table) =>
        sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)}
          WHERE ${sql.ref(contentTables[table].owner)} = ${owner.id}`,
    ),
  );
  return Object.fromEntries(
    tableNames.map((table, index) => [table, results[index]?.[0]?.n ?? -1]),
  ) as Record<TableName, number>;
}
