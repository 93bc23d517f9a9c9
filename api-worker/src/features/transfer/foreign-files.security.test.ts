/** Attack: a file part of an import names an address that our server then fetches. */
import { afterEach, expect, test, vi } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { createChat, createMessage } from "../../../test/factories.ts";
import { bytesOf, png } from "../../../test/files.ts";
import { base64Of, fileOf, oneChat, oneMessage } from "../../../test/import-files.ts";
import { openStream } from "../../../test/stream.ts";
import { ask, chunksOf, endOf } from "../../../test/turns.ts";
import { newId } from "../../platform/ids.ts";

const secretUrl = "https://files.example/secret.txt";
const remoteFile = (fields: object = {}) => ({
  type: "file",
  url: secretUrl,
  mediaType: "image/png",
  filename: "plan.png",
  ...fields,
});
const text = (value: string) => ({ type: "text", text: value });

/** Answers every request from the worker to another server, and records its address. */
function listen(): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    asked.push(input instanceof Request ? input.url : String(input));
    return new Response(png(), { headers: { "content-type": "image/png" } });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

/** A stored chat as an import left it before parts were checked: a question with a remote file. */
async function storedChat(owner: Caller, answer: object = {}) {
  const chat = await createChat(owner.user);
  const question = await createMessage(owner.user, chat, {
    parts: JSON.stringify([remoteFile(), text("What is it?")]),
    createdAt: 1,
  });
  const reply = await createMessage(owner.user, chat, {
    role: "assistant",
    parentId: question.id,
    createdAt: 2,
    parts: JSON.stringify([remoteFile({ url: `${secretUrl}?answer` }), text("A plan.")]),
    ...answer,
  });
  return { chatId: chat.id, messageId: reply.id };
}

async function finish(owner: Caller, turn: { chatId: string; streamId: string }) {
  const { chatId, streamId } = turn;
  return endOf(chunksOf(await (await openStream(owner, { chatId, streamId })).rest()));
}

const waitingCall = (id: string) => ({
  type: "tool-getWeather",
  toolCallId: "call",
  state: "approval-requested",
  input: { place: "Oslo" },
  approval: { id },
});

const turns: Record<string, (owner: Caller) => Promise<{ chatId: string; streamId: string }>> = {
  "a message after it": async (owner) => {
    const { chatId } = await storedChat(owner);
    return (await ask(owner, "Go on.", chatId)).stream
      .rest()
      .then(async () => owner.api.messages.send.mutate(newQuestion(chatId)));
  },
  regenerate: async (owner) => owner.api.messages.regenerate.mutate(await storedChat(owner)),
  continue: async (owner) =>
    owner.api.messages.continue.mutate(await storedChat(owner, { status: "stopped" })),
  approve: async (owner) => {
    const parts = JSON.stringify([waitingCall("approval")]);
    const answer = await storedChat(owner, { parts });
    const approvals = [{ approvalId: "approval", isApproved: true }];
    return owner.api.messages.approve.mutate({ ...answer, approvals });
  },
  fork: async (owner) => {
    const other = await callerFor("anotherUser");
    const { chatId } = await storedChat(other);
    await other.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
    const copy = await owner.api.chats.fork.mutate({ chatId });
    return owner.api.messages.send.mutate(newQuestion(copy.id));
  },
  import: async (owner) => {
    const parts = [remoteFile(), text("What is it?")];
    const answer = oneMessage({ id: "m2", parentId: "m1", role: "assistant", parts });
    const chat = oneChat([oneMessage({ parts }), answer], { currentMessageId: "m2" });
    const { imported } = await owner.api.chats.import.mutate({ data: fileOf(chat) });
    return owner.api.messages.send.mutate(newQuestion(imported[0]?.chatId ?? ""));
  },
};

function newQuestion(chatId: string) {
  return { chatId, message: { id: newId(), parts: [{ type: "text" as const, text: "And now?" }] } };
}

test.each(Object.keys(turns))("no turn fetches the address of a file: %s", async (name) => {
  const owner = await callerFor("owner");
  const asked = listen();
  const turn = await turns[name]?.(owner);
  if (!turn) throw new Error("There is no such turn.");
  expect(await finish(owner, turn)).toMatchObject({ status: "complete" });
  expect(asked.filter((url) => url.startsWith("https://files.example/"))).toEqual([]);
});

/** Imports a question with this file, and reads the question's parts. */
async function importedParts(owner: Caller, ...parts: object[]) {
  const data = fileOf(oneChat([oneMessage({ parts })], { currentMessageId: "m1" }));
  const { imported, failures } = await owner.api.chats.import.mutate({ data });
  expect(failures).toEqual([]);
  const { items } = await owner.api.messages.list.query({ chatId: imported[0]?.chatId ?? "" });
  return items[0]?.parts ?? [];
}

test("an imported file on another server becomes a link with its name, type and address", async () => {
  const owner = await callerFor("owner");
  const asked = listen();
  const given = [
    remoteFile({ providerReference: { google: "files/someone-else" } }),
    { type: "file", url: "http://files.example/a%20b.pdf?x=1" },
    text("What is it?"),
  ];
  expect(await importedParts(owner, ...given)).toEqual([
    {
      type: "data-foreign-file",
      data: { filename: "plan.png", mediaType: "image/png", url: secretUrl },
    },
    {
      type: "data-foreign-file",
      data: {
        filename: "a b.pdf",
        mediaType: "application/octet-stream",
        url: "http://files.example/a%20b.pdf?x=1",
      },
    },
    text("What is it?"),
  ]);
  expect(asked).toEqual([]);
});

test("an imported file with its bytes is an upload like any other, whatever it claims to be", async () => {
  const owner = await callerFor("owner");
  const picture = `data:image/gif;base64,${base64Of(png(3, 2))}`;
  const parts = await importedParts(
    owner,
    { type: "file", url: picture, mediaType: "image/gif", filename: "a.png" },
    {
      type: "file",
      url: "data:text/plain,some%20words",
      mediaType: "text/plain",
      filename: "b.txt",
    },
  );
  expect(parts).toMatchObject([
    { type: "file", mediaType: "image/png", filename: "a.png" },
    { type: "file", mediaType: "text/plain", filename: "b.txt" },
  ]);
  for (const part of parts) expect(part.url).toMatch(/^\/files\/[0-9a-f-]{36}$/);
  const { items } = await owner.api.uploads.list.query({});
  expect(items.map(({ name, useCount }) => [name, useCount]).sort()).toEqual([
    ["a.png", 1],
    ["b.txt", 1],
  ]);
});

test.each([
  ["a web page", "a.txt", bytesOf("<html><script>alert(1)</script>"), /Web pages aren’t supported/],
  ["a drawing", "a.png", bytesOf("<svg onload='alert(1)'/>"), /SVG files aren’t supported/],
  ["a program", "a.png", new Uint8Array([0x4d, 0x5a, 0, 0, 1, 2]), /aren’t supported/],
  ["a picture that unfolds", "a.png", png(50_000, 50_000), /too large/],
  ["half a picture", "a.png", png().subarray(0, 40), /damaged or incomplete/],
])("an imported file that is no upload is told, and its message stays: %s", async (...attack) => {
  const [, filename, bytes, reason] = attack;
  const owner = await callerFor("owner");
  const url = `data:image/png;base64,${base64Of(bytes)}`;
  const file = { type: "file", url, mediaType: "image/png", filename };
  expect(await importedParts(owner, file, text("See this."))).toEqual([
    {
      type: "data-foreign-file",
      data: { filename, mediaType: "image/png", url: null, reason: expect.stringMatching(reason) },
    },
    text("See this."),
  ]);
  expect((await owner.api.uploads.list.query({})).items).toEqual([]);
});

test("a link goes through export and import", async () => {
  const owner = await callerFor("owner");
  const link = {
    type: "data-foreign-file",
    data: { filename: "plan.png", mediaType: "image/png", url: secretUrl },
  };
  expect(await importedParts(owner, link)).toEqual([link]);
  const forged = { ...link, data: { ...link.data, url: "javascript:alert(1)" } };
  const data = fileOf(oneChat([oneMessage({ parts: [forged] })]));
  expect((await owner.api.chats.import.mutate({ data })).failures).toMatchObject([
    { message: expect.stringMatching(/"data-foreign-file"/) },
  ]);
});
