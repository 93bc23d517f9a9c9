import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { createClient, errorOf } from "../../../test/client.ts";
import { createLimit, createUser } from "../../../test/factories.ts";
import { upload } from "../../../test/files.ts";
import { programOf } from "../../../test/programs.ts";
import { explain, slowSteps } from "../../../test/query-plan.ts";
import { untilAllEnded } from "../../../test/storage-use.ts";
import { openStream } from "../../../test/stream.ts";
import { question } from "../../../test/turns.ts";
import { ownerContext } from "../../owner-context.ts";
import { newId } from "../../platform/ids.ts";
import { createLogger } from "../../platform/log.ts";
import { fileMostBytes, pictureMostBytes } from "../../platform/settings.ts";
import { limitsOfOwner } from "./limits-of.ts";

const home = createHomeDb(env.HOME);
const mebibyte = 1024 * 1024;

afterEach(() => env.HOME.prepare("DELETE FROM ownerLimits").run());

const messagesOf = async ({ api }: Pick<Caller, "api">) =>
  (await api.account.usage.query({})).today.messages.max;

test("a user's own limit comes before the role's, and that before the settings", async () => {
  const owner = await callerFor("owner");
  const other = await callerFor("anotherUser");
  const admin = await callerFor("admin");
  expect(await messagesOf(owner)).toBe(100);
  await createLimit({ role: "user" }, "messagesPerDay", 7);
  expect([await messagesOf(owner), await messagesOf(other)]).toEqual([7, 7]);
  await createLimit({ userId: owner.user.id }, "messagesPerDay", 3);
  expect([await messagesOf(owner), await messagesOf(other)]).toEqual([3, 7]);
  expect(await messagesOf(admin)).toBe(100);
  // The other limits still come from the settings.
  expect((await owner.api.account.usage.query({})).today.tokens.max).toBeNull();
});

test("a null is no limit, also over a limit of the role", async () => {
  const owner = await callerFor("owner");
  await createLimit({ role: "user" }, "messagesPerDay", 1);
  await createLimit({ userId: owner.user.id }, "messagesPerDay", null);
  expect((await owner.api.account.usage.query({})).today.messages).toEqual({
    used: 0,
    max: null,
    left: null,
  });
  for (const _ of [1, 2]) await owner.api.messages.send.mutate(question("count to 1"));
});

test("a stored limit is kept to by messages, tokens, sizes and storage", async () => {
  const owner = await callerFor("owner");
  const { id: userId } = owner.user;
  await createLimit({ userId }, "messagesPerDay", 1);
  await owner.api.messages.send.mutate(question("count to 1"));
  expect(await errorOf(owner.api.messages.send.mutate(question("count to 1")))).toMatchObject({
    errorCode: "RATE_LIMITED",
    message: expect.stringContaining("your 1 message"),
  });
  await createLimit({ userId }, "tokensPerDay", 1_000_000);
  expect((await owner.api.account.usage.query({})).today.tokens.max).toBe(1_000_000);
  await createLimit({ userId }, "fileMaxBytes", 10);
  await createLimit({ userId }, "pictureMaxBytes", 2 * mebibyte);
  expect(await owner.api.uploads.limits.query()).toEqual({
    pictureMaxBytes: 2 * mebibyte,
    fileMaxBytes: 10,
  });
  expect(await errorOf(upload(owner, "eleven byte", "a.txt"))).toMatchObject({
    errorCode: "TOO_LARGE",
  });
  const { usedBytes } = (await owner.api.uploads.list.query({})).storage;
  const maxBytes = usedBytes + 12;
  await createLimit({ userId }, "storageMaxBytes", maxBytes);
  await upload(owner, "ten bytes.", "a.txt");
  expect(await errorOf(upload(owner, "more", "b.txt"))).toMatchObject({ errorCode: "TOO_LARGE" });
  const { storage } = await owner.api.uploads.list.query({});
  expect(storage).toMatchObject({ usedBytes: usedBytes + 10, fileBytes: 10, maxBytes });
});

test("a form that says that it is too long is held against the viewer's own limit", async () => {
  const owner = await callerFor("owner");
  const send = () =>
    owner.fetch("/trpc/uploads.create", {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b", "content-length": "30000000" },
      body: "",
    });
  const refused = await send();
  expect([refused.status, await refused.text()]).toEqual([
    413,
    expect.stringContaining("up to 20 MB"),
  ]);
  await createLimit({ userId: owner.user.id }, "fileMaxBytes", 40 * mebibyte);
  // The body is read now, and it is not a form.
  expect((await send()).status).toBe(400);
});

test("a guest has the limits of guests, before and after the first message, and an account's after", async () => {
  await createLimit({ role: "guest" }, "messagesPerDay", 2);
  await createLimit({ role: "user" }, "messagesPerDay", 5);
  const guest = createClient();
  await guest.api.auth.startGuest.mutate();
  expect(await messagesOf(guest)).toBe(2);
  await guest.api.messages.send.mutate(question("count to 1"));
  expect(await messagesOf(guest)).toBe(2);
  const account = { email: `${newId()}@example.com`, password: "correct horse" };
  const { id: userId } = await guest.api.auth.signUp.mutate(account);
  expect(await messagesOf(guest)).toBe(5);
  await createLimit({ userId }, "messagesPerDay", 9);
  expect(await messagesOf(guest)).toBe(9);
});

test("a program has its user's limits", async () => {
  const owner = await callerFor("owner");
  await createLimit({ userId: owner.user.id }, "fileMaxBytes", 77);
  const program = await programOf(owner, ["chats:read"]);
  expect((await program.api.uploads.limits.query()).fileMaxBytes).toBe(77);
});

test("an owner without a request has the same limits as the viewer", async () => {
  const guest = await createUser({ email: null });
  await createLimit({ role: "guest" }, "tokensPerDay", 50);
  await createLimit({ userId: guest.id }, "storageMaxBytes", null);
  const owner = (userId: string) =>
    ownerContext({ env, home, log: createLogger() }, { userId, contentShard: 0 });
  expect(await limitsOfOwner(owner(guest.id))).toEqual({
    day: { messages: 20, tokens: 50, costNanos: null, monthCostNanos: null },
    uploads: {
      pictureMaxBytes: 5 * mebibyte,
      fileMaxBytes: 20 * mebibyte,
      pdfMaxBytes: 20 * mebibyte,
    },
    storage: { maxBytes: null, maxMessages: 2_000, answerMaxBytes: 950_000 },
  });
  await expect(limitsOfOwner(owner(newId()))).rejects.toThrow("not in the home database");
});

test("copied files count against the limits of the copying user", async () => {
  const author = await callerFor("owner");
  const file = await upload(author, "ten bytes.", "a.txt");
  const turn = await author.api.messages.send.mutate({
    chatId: newId(),
    message: {
      id: newId(),
      parts: [{ type: "file", url: `/files/${file.id}`, filename: "a.txt" }],
    },
  });
  const { chatId } = turn;
  await (await openStream(author, turn)).rest();
  await untilAllEnded(author.user.id);
  const { textBytes } = (await author.api.uploads.list.query({})).storage;
  await author.api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  const reader = await callerFor("anotherUser");
  await createLimit({ userId: reader.user.id }, "storageMaxBytes", textBytes + 9);
  await reader.api.chats.fork.mutate({ chatId });
  expect((await reader.api.uploads.list.query({})).items).toEqual([]);
  await env.HOME.prepare("UPDATE ownerLimits SET value = ?")
    .bind(2 * textBytes + 10)
    .run();
  await reader.api.chats.fork.mutate({ chatId });
  expect((await reader.api.uploads.list.query({})).items).toHaveLength(1);
});

test("limits are read by the query that finds the session, by their indexes", async () => {
  const owner = await callerFor("owner");
  await createLimit({ userId: owner.user.id }, "messagesPerDay", 3);
  const statements = await explain(() => owner.api.auth.me.query());
  expect(statements).toHaveLength(1);
  const [{ sql, plan } = { sql: "", plan: [] }] = statements;
  expect(sql).toContain("ownerLimits");
  expect(slowSteps(plan)).toEqual([]);
  for (const index of ["ownerLimitsByUser", "ownerLimitsByRole"]) {
    expect(plan.join("\n")).toContain(index);
  }
});

const badRows: [string, Record<string, unknown>][] = [
  ["no subject", { role: null }],
  ["two subjects", { userId: "known" }],
  ["an unknown role", { role: "owner" }],
  ["an unknown name", { name: "chatsPerDay" }],
  ["a zero", { value: 0 }],
  ["a negative number", { value: -5 }],
  ["a fraction", { value: 1.5 }],
  ["a text", { value: "many" }],
  ["no limit for a picture", { name: "pictureMaxBytes", value: null }],
  ["no limit for a file", { name: "fileMaxBytes", value: null }],
  ["a picture that is too large", { name: "pictureMaxBytes", value: pictureMostBytes + 1 }],
  ["a file that is too large", { name: "fileMaxBytes", value: fileMostBytes + 1 }],
];

test.each(badRows)("the database refuses a limit with %s", async (_, fields) => {
  const { id } = await createUser();
  const given = { userId: null, role: "guest", name: "messagesPerDay", value: 5, ...fields };
  const row = { ...given, userId: given.userId === "known" ? id : given.userId };
  const insert = ({ userId, role, name, value }: typeof row) =>
    env.HOME.prepare("INSERT INTO ownerLimits (userId, role, name, value) VALUES (?, ?, ?, ?)")
      .bind(userId, role, name, value)
      .run();
  await expect(insert(row as never)).rejects.toThrow(/constraint failed|cannot store/);
  // Without the wrong field the row is accepted.
  await insert({ userId: null, role: "guest", name: "messagesPerDay", value: 5 } as never);
});

test("a subject has each limit once, the largest sizes are allowed, and a user's go with the user", async () => {
  const { id: userId } = await createUser();
  await createLimit({ userId }, "pictureMaxBytes", pictureMostBytes);
  await createLimit({ userId }, "fileMaxBytes", fileMostBytes);
  await expect(createLimit({ userId }, "fileMaxBytes", 1)).rejects.toThrow(/UNIQUE/);
  await createLimit({ role: "admin" }, "fileMaxBytes", 1);
  await expect(createLimit({ role: "admin" }, "fileMaxBytes", 2)).rejects.toThrow(/UNIQUE/);
  await expect(createLimit({ userId: newId() }, "fileMaxBytes", 1)).rejects.toThrow(/FOREIGN KEY/);
  await home.kysely.deleteFrom("users").where("id", "=", userId).execute();
  expect(await home.kysely.selectFrom("ownerLimits").select("role").execute()).toEqual([
    { role: "admin" },
  ]);
});
