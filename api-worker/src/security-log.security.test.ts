/** What the log has of security events, and what it never has. */
import { demoPassword } from "db/factories";
import { afterEach, expect, test, vi } from "vitest";
import { anonymous, callerAs, callerFor } from "../test/callers.ts";
import { errorOf } from "../test/client.ts";
import { createUser } from "../test/factories.ts";
import { png, upload } from "../test/files.ts";
import { type LogLine, takeErrors, takeInfos } from "../test/logs.ts";
import { programOf } from "../test/programs.ts";
import { openStream } from "../test/stream.ts";
import { ask, question } from "../test/turns.ts";
import { limits } from "./contracts/limits.ts";
import { newId } from "./platform/ids.ts";

const address = "2001:db8:5:6:7::1";
const from = { level: "info", address: "2001:db8:5:6::/64" };
const newEmail = () => `${newId()}@example.com`;

/** The security events since the last call, without the lines of calls. */
const takeEvents = (): LogLine[] => takeInfos().filter(({ event }) => event !== "trpc.call");
const ignored = () => undefined;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("what is refused is in the log, with who asked and from where", async () => {
  const victim = await callerFor("owner");
  const file = await upload(victim, png(), "a.png");
  const { chatId } = await ask(victim, "count to 1");
  const caller = await callerAs(await createUser(), { address });
  const stranger = anonymous({ address });
  const who = { userId: caller.user.id, sessionId: expect.any(String), ...from };
  takeEvents();

  const expectEvent = async (act: () => Promise<unknown>, expected: Record<string, unknown>) => {
    await act().catch(ignored);
    expect(takeEvents()).toEqual([
      expect.objectContaining({ requestId: expect.any(String), ...expected }),
    ]);
  };
  const refused = { event: "request.access_refused" };
  await expectEvent(() => caller.api.chats.get.query({ chatId }), {
    ...{ ...refused, ...who },
    ...{ route: "trpc", procedure: "chats.get", errorCode: "NOT_FOUND" },
  });
  await expectEvent(() => caller.fetch(`/files/${file.id}`), {
    ...{ ...refused, ...who },
    ...{ route: "files", method: "GET", errorCode: "NOT_FOUND" },
  });
  await expectEvent(() => stranger.fetch(`/files/${newId()}`), {
    ...{ ...refused, ...from },
    ...{ route: "files", errorCode: "NOT_FOUND" },
  });
  await expectEvent(() => stranger.fetch("/v1/stream/mine"), {
    ...{ ...refused, ...from },
    ...{ route: "streams", errorCode: "UNAUTHENTICATED" },
  });
  await expectEvent(() => caller.fetch("/v1/stream/mine", { method: "PUT" }), {
    ...{ ...refused, ...who },
    ...{ route: "streams", method: "PUT", errorCode: "FORBIDDEN" },
  });
  await expectEvent(() => stranger.api.chats.list.query({}), {
    ...{ ...refused, ...from },
    ...{ procedure: "chats.list", errorCode: "UNAUTHENTICATED" },
  });
  await expectEvent(() => stranger.fetch("/trpc/s3cret.path"), {
    ...{ ...refused, ...from },
    ...{ route: "trpc", procedure: null, errorCode: "NOT_FOUND" },
  });
  await expectEvent(() => stranger.fetch("/wp-admin.php"), {
    ...{ ...refused, ...from },
    ...{ route: "other", errorCode: "NOT_FOUND" },
  });
  const fromElsewhere = { method: "POST", headers: { origin: "https://evil.test" } };
  for (const [path, route] of [
    ["/trpc/auth.logOut", "trpc"],
    ["/v1/stream/mine", "streams"],
  ] as const) {
    await expectEvent(() => caller.fetch(path, fromElsewhere), {
      ...{ event: "request.origin_refused", ...from, route, method: "POST" },
    });
  }
  const large = { method: "POST", body: "x".repeat(limits.anonymousBodyMaxBytes + 1) };
  await expectEvent(() => stranger.fetch("/trpc/auth.logIn", large), {
    ...{ event: "request.size_refused", ...from, route: "trpc", errorCode: "TOO_LARGE" },
  });
  stranger.cookies.set("__Host-session", `${newId()}.${"A".repeat(43)}`);
  await expectEvent(() => stranger.api.auth.me.query(), {
    ...{ event: "request.session_refused", ...from },
  });
});

test("a token that is refused is in the log with its id and its owner, not with its secret", async () => {
  const owner = await callerFor("owner");
  const program = await programOf(owner, ["chats:read"]);
  const created = await owner.api.account.tokens.create.mutate({
    ...{ name: "for a day", scopes: ["chats:read"], expiresInDays: 1 },
  });
  expect(takeEvents()).toMatchObject([
    { event: "auth.token_created", createdTokenId: program.tokenId },
    { event: "auth.token_created", createdTokenId: created.id, userId: owner.user.id },
  ]);
  const list = async (token: string) => {
    const { api } = anonymous({ token, address });
    expect((await errorOf(api.chats.list.query({}))).errorCode).toBe("UNAUTHENTICATED");
    const [event, ...others] = takeEvents();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ event: "request.token_refused", ...from });
    return event;
  };
  const [id = ""] = program.token.split(".");
  expect(await list("nonsense")).toMatchObject({ reason: "malformed" });
  expect(await list(`${id}.${"A".repeat(43)}`)).toMatchObject({
    ...{ reason: "wrong_secret", tokenId: program.tokenId, accountId: owner.user.id },
  });
  await owner.api.account.tokens.revoke.mutate({ tokenId: program.tokenId });
  expect(takeEvents()).toMatchObject([
    { event: "auth.token_revoked", revokedTokenId: program.tokenId, userId: owner.user.id },
  ]);
  expect(await list(program.token)).toMatchObject({ reason: "unknown" });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 60 * 60_000 });
  expect(await list(created.token)).toMatchObject({ reason: "expired", tokenId: created.id });
});

test("guests, sign-ups, logins and logouts are in the log", async () => {
  const client = anonymous({ address });
  const guest = await client.api.auth.startGuest.mutate();
  await client.api.messages.send.mutate(question("count to 1"));
  const email = newEmail();
  await client.api.auth.logIn.mutate({ email, password: "wrong password" }).catch(ignored);
  const known = await createUser();
  const credentials = { email: known.email ?? "", password: demoPassword };
  await client.api.auth.logIn.mutate(credentials);
  await client.api.auth.logOut.mutate();
  expect(takeEvents()).toMatchObject([
    { event: "auth.guest_started", accountId: guest.id, ...from },
    { event: "auth.login_failed", accountId: null, userId: guest.id, ...from },
    { event: "auth.guest_carried", accountId: known.id, guestId: guest.id, ...from },
    { event: "auth.logged_in", accountId: known.id, ...from },
    { event: "auth.logged_out", accountId: known.id, userId: known.id, ...from },
  ]);
});

test("no secret and no text of a person is in any line of the log", async () => {
  const secrets = {
    password: "pw-s3cret-Zebra-41",
    wrongPassword: "wrong-s3cret-Zebra-42",
    email: `mail-s3cret-43-${newId()}@example.com`,
    message: "message-s3cret-44",
    file: "file-s3cret-45",
    fileName: "name-s3cret-46.txt",
    title: "title-s3cret-47",
    search: "search-s3cret-48",
    stream: "stream-s3cret-49",
    userAgent: "agent-s3cret-50",
    tokenName: "token-name-s3cret-51",
  };
  const lines: string[] = [];
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((method) => {
    const spy = vi.spyOn(console, method);
    return spy.mockImplementation((...values) => void lines.push(values.map(String).join(" ")));
  });
  const client = anonymous({ address, userAgent: secrets.userAgent });
  const { api } = client;
  const credentials = { email: secrets.email, password: secrets.password };
  await api.auth.startGuest.mutate();
  const cookies = [...client.cookies.values()];
  await api.auth.signUp.mutate(credentials);
  cookies.push(...client.cookies.values());
  const wrong = { ...credentials, password: secrets.wrongPassword };
  await api.auth.logIn.mutate(wrong).catch(ignored);
  // A password where the address belongs, and an address that is none.
  for (const email of [`${secrets.wrongPassword}@example.com`, secrets.wrongPassword]) {
    await api.auth.logIn.mutate({ ...wrong, email }).catch(ignored);
    await api.auth.signUp.mutate({ ...credentials, email, name: secrets.title }).catch(ignored);
  }
  await api.auth.logIn.mutate(credentials);
  cookies.push(...client.cookies.values());
  const scopes = ["chats:read", "streams"] as const;
  const named = { name: secrets.tokenName, scopes: [...scopes], expiresInDays: null };
  const { token, id: tokenId } = await api.account.tokens.create.mutate(named);
  const program = anonymous({ token });
  const append = { method: "POST", body: secrets.stream };
  await program.fetch(`/v1/stream/${secrets.stream}`, { ...append, method: "PUT" });
  await program.fetch(`/v1/stream/${secrets.stream}-2`, append);
  await program.fetch(`/files/${secrets.file}`);
  const [id = ""] = token.split(".");
  for (const bad of [`${id}.${"B".repeat(43)}`, `alleato_${secrets.stream}`, "B".repeat(43)]) {
    await anonymous({ token: bad }).api.chats.list.query({}).catch(ignored);
  }
  const file = await upload(client, secrets.file, secrets.fileName);
  await upload(client, png(), `${secrets.fileName}.exe`).catch(ignored);
  const chat = await ask(client, secrets.message);
  await chat.stream.rest();
  const { chatId } = chat;
  await openStream(client, { chatId, streamId: chat.streamId });
  await api.messages.send.mutate({ ...question(secrets.message), chatId: newId() });
  await api.chats.rename.mutate({ chatId, title: secrets.title });
  await api.chats.setVisibility.mutate({ chatId, visibility: "public" });
  await api.chats.search.query({ query: secrets.search });
  await client.fetch(`/trpc/${secrets.search}?input=${secrets.search}`);
  await client.fetch(`/${secrets.search}`);
  await client.fetch("/trpc/auth.logIn", { method: "POST", body: `{"${secrets.password}` });
  await client.fetch("/trpc/auth.logOut", {
    ...{ method: "POST", headers: { origin: `https://${secrets.search}.test` } },
  });
  const old = [...client.cookies];
  await api.account.tokens.revoke.mutate({ tokenId });
  await program.fetch(`/files/${file.id}`);
  await api.auth.logOut.mutate();
  for (const [name, value] of old) client.cookies.set(name, value);
  await api.chats.list.query({}).catch(ignored);
  for (const spy of spies) spy.mockRestore();
  takeErrors();

  expect(lines.length).toBeGreaterThan(30);
  expect(lines.filter((line) => /"event":"request\./.test(line)).length).toBeGreaterThan(8);
  const text = lines.join("\n");
  const halves = [...cookies, token].map((value) => value.split(".").at(-1) ?? value);
  expect(halves.every((half) => half.length > 20)).toBe(true);
  const found = [...Object.values(secrets), ...halves, "s3cret", "B".repeat(43)].filter((secret) =>
    text.toLowerCase().includes(secret.toLowerCase()),
  );
  expect(found).toEqual([]);
});

test("a flood of refused requests leaves a bounded number of lines, and their number", async () => {
  const start = Math.ceil(Date.now() / 60_000) * 60_000;
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  const warn = vi.spyOn(console, "warn").mockImplementation(ignored);
  const flood = anonymous({ address });
  for (let index = 0; index < 60; index += 1) await flood.fetch(`/files/${newId()}`);
  for (let index = 0; index < 50; index += 1) await flood.api.chats.list.query({}).catch(ignored);
  // Another address is not hidden by it.
  await anonymous({ address: "192.0.2.7" }).fetch(`/files/${newId()}`);
  const lines = takeInfos();
  const of = (event: string) => lines.filter((line) => line.event === event);
  expect(of("request.access_refused")).toHaveLength(21);
  expect(of("request.access_refused").at(-1)).toMatchObject({ address: "192.0.2.7" });
  expect(of("trpc.call")).toHaveLength(20);
  expect(warn).not.toHaveBeenCalled();
  vi.setSystemTime(start + 60_000);
  await flood.fetch(`/files/${newId()}`);
  const summaries = warn.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(summaries).toMatchObject([
    { event: "log.lines_dropped", droppedEvent: "request.access_refused", count: 90 },
    { event: "log.lines_dropped", droppedEvent: "trpc.call", count: 30 },
  ]);
  expect(takeInfos()).toMatchObject([{ event: "request.access_refused" }]);
});
