/** What is open ends with the session, the token or the account that opened it. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { demoPassword } from "db/factories";
import { afterEach, expect, test, vi } from "vitest";
import { beforeCall } from "../../../test/before-call.ts";
import { anonymous, callerAs } from "../../../test/callers.ts";
import type { TestClient } from "../../../test/client.ts";
import { disableUser } from "../../../test/disable-user.ts";
import { createUser } from "../../../test/factories.ts";
import { idsFor, openStreams, openThings, silentQuestion } from "../../../test/open-things.ts";
import { programOf } from "../../../test/programs.ts";
import { openSubscription } from "../../../test/stream.ts";
import { ask } from "../../../test/turns.ts";
import { ownerContext } from "../../owner-context.ts";
import { newId } from "../../platform/ids.ts";
import { createLogger } from "../../platform/log.ts";
import { userObject } from "../../platform/user-object.ts";
import { endEverything, endOtherSessions } from "../auth/session/end-access.ts";
import { sessionMaxMs } from "../auth/session/session.ts";
import { deleteContent } from "../deletion/delete-content.ts";

const home = createHomeDb(env.HOME);
const access = { env, home, log: createLogger() };
const all = { ...openThings, ...openStreams };
const userBinding = env.USER;
afterEach(() => {
  env.USER = userBinding;
  vi.useRealTimers();
});

/** A user with two browsers and a program. */
async function setUp() {
  const user = await createUser();
  const [laptop, phone] = [await callerAs(user), await callerAs(user)];
  const program = await programOf(laptop, ["chats:read", "chats:write", "streams"]);
  const ids = await idsFor(laptop, program);
  return { user, laptop, phone, program, ids };
}

type Setting = Awaited<ReturnType<typeof setUp>>;

const sessionIdOf = ({ cookies }: TestClient) =>
  (cookies.get("__Host-session") ?? "").split(".")[0] ?? "";
const ownerOf = (setting: Setting) =>
  ownerContext(access, { userId: setting.user.id, contentShard: setting.user.contentShard });

async function deleteUser(setting: Setting) {
  await endEverything(access, setting.user.id);
  await deleteContent(ownerOf(setting));
  await home.kysely.deleteFrom("users").where("id", "=", setting.user.id).execute();
}

/** How the laptop's session can end. */
const sessionEnds: Readonly<Record<string, (setting: Setting) => Promise<unknown>>> = {
  "the browser logs out": ({ laptop }) => laptop.api.auth.logOut.mutate(),
  "another browser ends it": ({ laptop, phone }) =>
    phone.api.auth.sessions.revoke.mutate({ sessionId: sessionIdOf(laptop) }),
  "another browser ends all others": ({ user, phone }) =>
    endOtherSessions(access, { userId: user.id, keptSessionId: sessionIdOf(phone) }),
  "everything ends": ({ user }) => endEverything(access, user.id),
  "the user is disabled": (setting) => disableUser(ownerOf(setting)),
  "the user is deleted": deleteUser,
};

/** How the program's token can end. */
const tokenEnds: typeof sessionEnds = {
  "the token is revoked": ({ laptop, program }) =>
    laptop.api.account.tokens.revoke.mutate({ tokenId: program.tokenId }),
  "everything ends": ({ user }) => endEverything(access, user.id),
  "the user is disabled": (setting) => disableUser(ownerOf(setting)),
  "the user is deleted": deleteUser,
};

type Outcomes = Readonly<Record<string, string>>;

/** Opens everything. @returns a function that waits until all of it has ended, and says how */
async function openAll(client: TestClient, setting: Setting): Promise<() => Promise<Outcomes>> {
  const opened: [string, Promise<string>][] = [];
  for (const [what, open] of Object.entries(all)) {
    opened.push([what, (await open(client, setting.ids)).end]);
  }
  return async () => {
    const ends = await Promise.all(opened.map(async ([what, end]) => [what, await end] as const));
    return Object.fromEntries(ends);
  };
}

const eachEndsWith = (code: string): Outcomes =>
  Object.fromEntries(Object.keys(all).map((what) => [what, code]));

test.each(Object.keys(sessionEnds))("what a browser has open ends when %s", async (how) => {
  const setting = await setUp();
  const ends = await openAll(setting.laptop, setting);
  await sessionEnds[how]?.(setting);
  expect(await ends()).toEqual(eachEndsWith("UNAUTHENTICATED"));
});

test.each(Object.keys(tokenEnds))("what a program has open ends when %s", async (how) => {
  const setting = await setUp();
  const ends = await openAll(setting.program, setting);
  await tokenEnds[how]?.(setting);
  expect(await ends()).toEqual(eachEndsWith("UNAUTHENTICATED"));
});

test("what a browser has open ends when another user logs in in it", async () => {
  const setting = await setUp();
  const ends = await openAll(setting.laptop, setting);
  const other = await createUser();
  const { email } = other;
  if (email === null) throw new Error("The user cannot log in.");
  await setting.laptop.api.auth.logIn.mutate({ email, password: demoPassword });
  const { "an answer as events": answer, "a stream as events": stream, ...rest } = await ends();
  expect(eachEndsWith("UNAUTHENTICATED")).toMatchObject(rest);
  // Their readers come back, as no one or as the other user.
  for (const code of [answer, stream]) expect(["UNAUTHENTICATED", "NOT_FOUND"]).toContain(code);
});

test("a guest who signs up goes on reading, until the new session ends", async () => {
  const guest = anonymous();
  await guest.api.auth.startGuest.mutate();
  const { chatId, stream } = await ask(guest, silentQuestion);
  await stream.next();
  const news = await watch(guest);
  const email = `${newId()}@example.com`;
  const { id: userId } = await guest.api.auth.signUp.mutate({ email, password: "correct horse" });
  // The new connection starts with what it may have missed.
  expect((await news.next())?.data.type).toBe("snapshot");
  await guest.api.chats.rename.mutate({ chatId, title: "still here" });
  for (let event = await news.next(); event?.data.type !== "titled"; event = await news.next()) {
    expect(event).toBeDefined();
  }
  const ends = Promise.allSettled([news.rest(), stream.rest()]);
  await endOtherSessions(access, { userId, keptSessionId: null });
  expect(await ends).toMatchObject(
    [1, 2].map(() => ({ reason: { data: { errorCode: "UNAUTHENTICATED" } } })),
  );
});

/** Makes a session end by its age, or a token by its expiry, soon. */
async function endIn(ms: number, { laptop, program }: Setting, client: "laptop" | "program") {
  const endsAt = Date.now() + ms;
  await (client === "laptop"
    ? home.kysely
        .updateTable("sessions")
        .set({ createdAt: endsAt - sessionMaxMs })
        .where("id", "=", sessionIdOf(laptop))
    : home.kysely
        .updateTable("apiTokens")
        .set({ expiresAt: endsAt })
        .where("id", "=", program.tokenId)
  ).execute();
}

test.each(["laptop", "program"] as const)(
  "what the %s has open ends when its session or token expires",
  async (client) => {
    const setting = await setUp();
    await endIn(2_500, setting, client);
    const ends = await openAll(setting[client], setting);
    expect(await ends()).toEqual(eachEndsWith("UNAUTHENTICATED"));
  },
);

test.each(["laptop", "program"] as const)(
  "what the %s has open goes on when its session or token has been given more time",
  async (client) => {
    const setting = await setUp();
    await endIn(1_000, setting, client);
    const news = await watch(setting[client]);
    await endIn(60_000_000, setting, client);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await setting.laptop.api.chats.deleteAll.mutate();
    await readDeletion(news);
  },
);

/** Opens the news and reads the first of them. */
async function watch(client: TestClient) {
  const news = await openSubscription<{ type: string }>(client, "chats.watch", undefined);
  await news.next();
  return news;
}

/** Reads on until all chats have been deleted. @throws when the news end before */
async function readDeletion(news: Awaited<ReturnType<typeof watch>>) {
  let event = await news.next();
  while (event && event.data.type !== "all-deleted") event = await news.next();
  expect(event?.data.type).toBe("all-deleted");
  await news.cancel();
}

test("other browsers, programs and people go on", async () => {
  const [setting, other] = [await setUp(), await setUp()];
  const stays = [setting.phone, setting.program, other.laptop];
  const news = await Promise.all(stays.map(watch));
  const ends = await openAll(setting.laptop, setting);
  await setting.laptop.api.auth.logOut.mutate();
  await ends();
  await setting.phone.api.chats.deleteAll.mutate();
  await other.laptop.api.chats.deleteAll.mutate();
  for (const one of news) await readDeletion(one);
});

test.each(Object.entries(all))(
  "%s ends that was asked for before the session ended, and opened after it",
  async (_, open) => {
    const { laptop, phone, ids } = await setUp();
    const sessionId = sessionIdOf(laptop);
    env.USER = beforeCall(userBinding, "fetch", () =>
      phone.api.auth.sessions.revoke.mutate({ sessionId }),
    );
    const opening = open(laptop, ids).then(
      ({ end }) => end,
      (error) => error.data?.errorCode ?? /\d+/.exec(error.message)?.[0],
    );
    expect(["UNAUTHENTICATED", "401"]).toContain(await opening);
  },
);

test.each(Object.entries(all))(
  "%s ends when the notice of the end is lost with the user's object",
  async (_, open) => {
    const { user, laptop, ids } = await setUp();
    const { end } = await open(laptop, ids);
    await home.kysely.deleteFrom("sessions").where("userId", "=", user.id).execute();
    const crash = (__: unknown, state: DurableObjectState) => state.abort("crash");
    await runInDurableObject(userObject(env, user.id), crash).catch(() => undefined);
    expect(await end).toBe("UNAUTHENTICATED");
  },
);
