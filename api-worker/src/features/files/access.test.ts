import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../test/callers.ts";
import type { TestClient } from "../../../test/client.ts";
import { bytesOf, partsWith, png, upload, uploadForm, webp } from "../../../test/files.ts";
import { openStream } from "../../../test/stream.ts";
import type { UploadOutput } from "../../contracts/uploads.ts";
import { newId } from "../../platform/ids.ts";
import { fileAccess } from "./access.ts";

const kinds = ["anonymous", "guest", "owner", "anotherUser", "readerOfPublic", "admin"] as const;
type Kind = (typeof kinds)[number];
type Status = 200 | 400 | 401 | 403 | 404;

/**
 * The HTTP status of each action for each kind of caller. Only for the reader is the chat public.
 */
const matrix: Record<string, Record<Kind, Status>> = {
  create: {
    anonymous: 401,
    guest: 200,
    owner: 200,
    anotherUser: 200,
    readerOfPublic: 200,
    admin: 200,
  },
  read: {
    anonymous: 404,
    guest: 404,
    owner: 200,
    anotherUser: 404,
    readerOfPublic: 200,
    admin: 200,
  },
  "read its thumbnail": {
    anonymous: 404,
    guest: 404,
    owner: 200,
    anotherUser: 404,
    readerOfPublic: 200,
    admin: 200,
  },
  // Every caller gets their own list. The owner's file is only in the owner's, as the test below
  // shows.
  list: {
    anonymous: 401,
    guest: 200,
    owner: 200,
    anotherUser: 200,
    readerOfPublic: 200,
    admin: 200,
  },
  delete: {
    anonymous: 401,
    guest: 404,
    owner: 200,
    anotherUser: 404,
    readerOfPublic: 404,
    admin: 404,
  },
  "send it in a message": {
    anonymous: 401,
    guest: 400,
    owner: 200,
    anotherUser: 400,
    readerOfPublic: 400,
    admin: 400,
  },
  "read after unshare": {
    anonymous: 404,
    guest: 404,
    owner: 200,
    anotherUser: 404,
    readerOfPublic: 404,
    admin: 200,
  },
  "read after the chat was deleted": {
    anonymous: 404,
    guest: 404,
    owner: 404,
    anotherUser: 404,
    readerOfPublic: 404,
    admin: 404,
  },
  "read after the file was deleted": {
    anonymous: 404,
    guest: 404,
    owner: 404,
    anotherUser: 404,
    readerOfPublic: 404,
    admin: 404,
  },
  "read after it was edited away": {
    anonymous: 404,
    guest: 404,
    owner: 200,
    anotherUser: 404,
    readerOfPublic: 404,
    admin: 200,
  },
};

let owner: Caller;
let file: UploadOutput;
let chatId: string;
let questionId: string;

beforeEach(async () => {
  owner = await callerFor("owner");
  file = await upload(owner, png(9, 9), "a.png", { thumbnail: webp(2, 2) });
  chatId = newId();
  questionId = newId();
  await send(partsWith("Read this.", file), { id: questionId });
});

async function send(
  parts: ReturnType<typeof partsWith>,
  { id = newId(), parentId }: { id?: string; parentId?: string | null } = {},
) {
  const sent = await owner.api.messages.send.mutate({
    chatId,
    message: { id, parts },
    ...(parentId !== undefined && { parentId }),
  });
  await (await openStream(owner, { chatId, streamId: sent.streamId })).rest();
}

async function callerOf(kind: Kind): Promise<TestClient> {
  if (kind === "owner") return owner;
  if (kind === "anonymous") return anonymous();
  return callerFor(kind === "readerOfPublic" ? "anotherUser" : kind);
}

async function post(client: TestClient, path: string, input: unknown): Promise<number> {
  const response = await client.fetch(`/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  await response.text();
  return response.status;
}

async function statusOf(client: TestClient, path: string): Promise<number> {
  const response = await client.fetch(path);
  await response.text();
  return response.status;
}

const setVisibility = (visibility: "public" | "private") =>
  owner.api.chats.setVisibility.mutate({ chatId, visibility });

/** Performs an action as a client. @returns the status */
async function act(deed: string, client: TestClient): Promise<number> {
  const path = `/files/${file.id}`;
  switch (deed) {
    case "create": {
      const body = uploadForm(bytesOf(newId()), "b.txt");
      return (await client.fetch("/trpc/uploads.create", { method: "POST", body })).status;
    }
    case "read its thumbnail": {
      const response = await client.fetch(`${path}?size=thumbnail`);
      const { length } = new Uint8Array(await response.arrayBuffer());
      if (response.ok) expect(length).toBe(webp(2, 2).length);
      return response.status;
    }
    case "list":
      return statusOf(client, `/trpc/uploads.list?input=${encodeURIComponent("{}")}`);
    case "delete":
      return post(client, "uploads.delete", { uploadId: file.id });
    case "send it in a message":
      return post(client, "messages.send", {
        chatId: newId(),
        message: { id: newId(), parts: partsWith("mine", file) },
      });
    case "read after unshare":
      await setVisibility("private");
      return statusOf(client, path);
    case "read after the chat was deleted":
      await owner.api.chats.delete.mutate({ chatId });
      return statusOf(client, path);
    case "read after the file was deleted":
      await owner.api.uploads.delete.mutate({ uploadId: file.id });
      return statusOf(client, path);
    case "read after it was edited away":
      await send(partsWith("Without it."), { parentId: null });
      return statusOf(client, path);
    default:
      return statusOf(client, path);
  }
}

describe.each(Object.entries(matrix))("%s", (deed, outcomes) => {
  test.each(kinds)(`${deed} by %s`, async (kind) => {
    if (kind === "readerOfPublic") await setVisibility("public");
    const client = await callerOf(kind);
    // Access that ends must have existed before.
    const before = deed.startsWith("read after") && (await statusOf(client, `/files/${file.id}`));
    if (before !== false) expect(before).toBe(matrix.read?.[kind]);
    expect(await act(deed, client)).toBe(outcomes[kind]);
    if (deed === "delete" && kind !== "owner")
      expect(await statusOf(owner, `/files/${file.id}`)).toBe(200);
  });
});

test("a reader who is not logged in reads what a public chat shows, and no longer", async () => {
  await setVisibility("public");
  expect(await statusOf(anonymous(), `/files/${file.id}`)).toBe(200);
  const other = await upload(owner, "not in the chat", "b.txt");
  expect(await statusOf(anonymous(), `/files/${other.id}`)).toBe(404);
  await setVisibility("private");
  expect(await statusOf(anonymous(), `/files/${file.id}`)).toBe(404);
});

test("what is not there and what is not to be known are the same answer", async () => {
  const stranger = await callerFor("anotherUser");
  const bodyOf = async (id: string) => {
    const response = await stranger.fetch(`/files/${id}`);
    const { error } = await response.json<{ error: { data: { requestId: string } } }>();
    return {
      ...error,
      data: { ...error.data, requestId: "" },
      headers: [...response.headers.keys()],
    };
  };
  expect(await bodyOf(file.id)).toEqual(await bodyOf(newId()));
});

test("each list has its owner's files alone", async () => {
  expect((await owner.api.uploads.list.query({})).items.map(({ id }) => id)).toEqual([file.id]);
  for (const kind of ["guest", "anotherUser", "admin"] as const) {
    const other = await callerFor(kind);
    expect((await other.api.uploads.list.query({})).items, kind).toEqual([]);
  }
});

async function auditOf(targetId: string) {
  const { results } = await env.HOME.prepare(
    "SELECT actorId, action, targetType, ownerId FROM auditEvents WHERE targetId = ?",
  )
    .bind(targetId)
    .all();
  return results;
}

test("only an administrator's reading of another user's file is audited", async () => {
  const admin = await callerFor("admin");
  await statusOf(owner, `/files/${file.id}`);
  await statusOf(await callerFor("anotherUser"), `/files/${file.id}`);
  expect(await auditOf(file.id)).toEqual([]);
  await statusOf(admin, `/files/${file.id}`);
  expect(await auditOf(file.id)).toEqual([
    { actorId: admin.user.id, action: "file.read", targetType: "upload", ownerId: owner.user.id },
  ]);
  const own = await upload(admin, "the administrator's own", "c.txt");
  await statusOf(admin, `/files/${own.id}`);
  await setVisibility("public");
  await statusOf(admin, `/files/${file.id}`);
  expect([await auditOf(own.id), (await auditOf(file.id)).length]).toEqual([[], 1]);
});

test("a disabled owner's public chat shows no files", async () => {
  await setVisibility("public");
  await env.HOME.prepare("UPDATE users SET disabledAt = 1 WHERE id = ?").bind(owner.user.id).run();
  expect(await statusOf(anonymous(), `/files/${file.id}`)).toBe(404);
});

test("who may read what, as a table", () => {
  const viewer = (
    role: "user" | "admin",
    userId = "u",
    scopes: ("chats:read" | "streams")[] | null = null,
  ) => ({
    userId,
    role,
    scopes,
  });
  const shown = { ownerId: "owner", isShownInPublic: true, canAdminsRead: true };
  const hidden = { ...shown, isShownInPublic: false };
  const closed = { ...hidden, canAdminsRead: false };
  expect([
    fileAccess(null, shown),
    fileAccess(null, hidden),
    fileAccess(viewer("user", "owner"), hidden),
    fileAccess(viewer("user"), hidden),
    fileAccess(viewer("admin"), hidden),
    fileAccess(viewer("admin", "u", ["chats:read"]), hidden),
    fileAccess(viewer("user", "owner", ["chats:read"]), hidden),
    fileAccess(viewer("user", "owner", ["streams"]), hidden),
  ]).toEqual(["allowed", "none", "allowed", "none", "audited", "none", "allowed", "none"]);
  expect([
    fileAccess(viewer("admin"), closed),
    fileAccess(viewer("admin"), { ...closed, isShownInPublic: true }),
    fileAccess(viewer("admin", "owner"), closed),
  ]).toEqual(["none", "allowed", "allowed"]);
});
