/** Imports and copies that take more requests than one invocation of the Free plan may make. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callerFor } from "../../../test/callers.ts";
import { countRows } from "../../../test/content.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { countInvocations, freePlan, largest } from "../../../test/invocations.ts";
import { contentFor } from "../../platform/content.ts";
import { newId } from "../../platform/ids.ts";
import { jobObject } from "../../platform/job-object.ts";
import { objectKey } from "../uploads/object-keys.ts";

const chatCount = 200;

/** A file of small chats, each with a vote; some have a picture, and one is broken. */
function manyChats() {
  const chats = Array.from({ length: chatCount }, (_, index) => {
    const question = oneMessage({ id: newId(), parts: textParts(`Question ${index}`) });
    const answer = oneMessage({
      ...{ id: newId(), parentId: question.id, role: "assistant", vote: "up" },
      parts: index % 20 === 0 ? [...textParts("See"), fileOfText(index)] : textParts("Yes"),
    });
    return oneChat([question, answer], { title: `Chat ${index}` });
  });
  return fileOf(...chats.slice(0, 50), "broken", ...chats.slice(50, chatCount - 1));
}

const textParts = (text: string) => [{ type: "text", text }];
const fileOfText = (index: number) => ({
  type: "file",
  mediaType: "text/plain",
  filename: `file-${index}.txt`,
  url: `data:text/plain;base64,${btoa(`The content of file ${index}.`)}`,
});

test("200 chats with votes and files are imported in invocations of at most 50 requests", async () => {
  const owner = await callerFor("owner");
  const input = { data: manyChats(), importId: newId() };
  let output: Awaited<ReturnType<typeof owner.api.chats.import.mutate>> | undefined;
  const seen = await countInvocations(async () => {
    output = await owner.api.chats.import.mutate(input);
  });
  expect(output?.failures).toMatchObject([{ index: 50, kind: "chat" }]);
  expect(output?.imported.map(({ index }) => index)).toEqual(
    Array.from({ length: chatCount }, (_, index) => index).filter((index) => index !== 50),
  );
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  const rows = { chats: chatCount - 1, messages: 2 * (chatCount - 1), votes: chatCount - 1 };
  expect(await countRows(owner.user)).toMatchObject({ ...rows, uploads: 10, messageFiles: 10 });
  // Sent again, it brings nothing twice.
  expect(await owner.api.chats.import.mutate(input)).toEqual(output);
  expect(await countRows(owner.user)).toMatchObject(rows);
});

test("what an object saved before it was reset is imported once, and no failure", async () => {
  const owner = await callerFor("owner");
  const real = env.JOB;
  let calls = 0;
  const importChats = async (...args: Parameters<ReturnType<typeof jobObject>["importChats"]>) => {
    const saved = await jobObject({ JOB: real }, owner.user.id).importChats(...args);
    calls += 1;
    if (calls === 1) throw new Error("The object was reset.");
    return saved;
  };
  env.JOB = { idFromName: () => "id", get: () => ({ importChats }) } as unknown as typeof env.JOB;
  try {
    const data = fileOf(oneChat([oneMessage()]), oneChat([oneMessage()]));
    const output = await owner.api.chats.import.mutate({ data, importId: newId() });
    expect(output.imported.map(({ index }) => index)).toEqual([0, 1]);
    expect(output.failures).toEqual([]);
  } finally {
    env.JOB = real;
  }
  expect(await countRows(owner.user)).toMatchObject({ chats: 2, messages: 2 });
});

test("documents without a chat are imported in invocations of at most 50 requests", async () => {
  const owner = await callerFor("owner");
  const documents = Array.from({ length: 100 }, (_, index) => ({
    ...{ id: newId(), kind: "text", title: `Note ${index}`, language: null },
    ...{ createdAt: 1, updatedAt: 2 },
    versions: [
      {
        ...{
          version: 1,
          author: "person",
          status: "complete",
          messageId: null,
          restoredFrom: null,
        },
        ...{ baseVersion: null, createdAt: 1, content: `Note number ${index}` },
      },
    ],
  }));
  const data = { ...fileOf(), documents };
  const seen = await countInvocations(async () => {
    const { importedDocuments, failures } = await owner.api.chats.import.mutate({ data });
    expect(failures).toEqual([]);
    expect(importedDocuments).toHaveLength(100);
  });
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  expect(await countRows(owner.user)).toMatchObject({ documents: 100, documentVersions: 100 });
});

test("a long branch with 40 files of its author is copied in invocations of at most 50 requests", async () => {
  const [author, reader] = [await callerFor("owner"), await callerFor("anotherUser")];
  const { user } = author;
  const chat = await createChat(user, { visibility: "public" });
  const files = Array.from({ length: 40 }, () => newId());
  const { kysely } = contentFor(env, user);
  for (const id of files) {
    await env.FILES.put(objectKey(id), `The content of ${id}.`);
    const facts = { userId: user.id, id, chatId: chat.id, name: "a.txt", mediaType: "text/plain" };
    const row = { ...facts, bytes: 52, sha256: id, state: "ready" as const, createdAt: 1 };
    await kysely.insertInto("uploads").values(row).execute();
  }
  let parentId: string | null = null;
  for (let number = 0; number < 16; number += 1) {
    const some = number === 0 ? files : [];
    const parts = [
      ...some.map((id) => ({ type: "file", url: `/files/${id}`, mediaType: "text/plain" })),
      { type: "text", text: "x".repeat(700_000) },
    ];
    const message: { id: string } = await createMessage(user, chat, {
      ...{ parentId, parts: JSON.stringify(parts), createdAt: number },
    });
    parentId = message.id;
  }
  await author.api.chats.setVisibility.mutate({ chatId: chat.id, visibility: "public" });
  const seen = await countInvocations(async () => {
    const copy = await reader.api.chats.fork.mutate({ chatId: chat.id });
    expect(copy.currentMessageId).not.toBeNull();
  });
  expect(largest(seen).subrequests).toBeLessThanOrEqual(freePlan);
  expect(await countRows(reader.user)).toMatchObject({
    messages: 16,
    uploads: 40,
    messageFiles: 40,
  });
});
