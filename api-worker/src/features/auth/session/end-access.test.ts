import { env } from "cloudflare:workers";
import { createHomeDb } from "db";
import { expect, test } from "vitest";
import { callerAs } from "../../../../test/callers.ts";
import { createUser } from "../../../../test/factories.ts";
import { programOf } from "../../../../test/programs.ts";
import { createLogger } from "../../../platform/log.ts";
import { endEverything, endOtherSessions, endSession } from "./end-access.ts";

const access = { env, home: createHomeDb(env.HOME), log: createLogger() };

/** A user with three browsers and a program, and who of them is still let in. */
async function setUp() {
  const user = await createUser();
  const [laptop, phone, tablet] = await Promise.all([1, 2, 3].map(() => callerAs(user)));
  if (!laptop || !phone || !tablet) throw new Error("A browser is missing.");
  const program = await programOf(laptop, ["chats:read"]);
  const clients = { laptop, phone, tablet, program };
  const letIn = async () => {
    const names: string[] = [];
    for (const [name, { api }] of Object.entries(clients)) {
      if (await api.chats.list.query({}).catch(() => null)) names.push(name);
    }
    return names;
  };
  const idOf = ({ cookies }: typeof laptop) =>
    (cookies.get("__Host-session") ?? "").split(".")[0] ?? "";
  return { user, clients, letIn, idOf };
}

test("one session ends, and no other user's", async () => {
  const { user, clients, letIn, idOf } = await setUp();
  const other = await createUser();
  const sessionId = idOf(clients.phone);
  expect(await endSession(access, { userId: other.id, sessionId })).toBe(false);
  expect(await letIn()).toEqual(["laptop", "phone", "tablet", "program"]);
  expect(await endSession(access, { userId: user.id, sessionId })).toBe(true);
  expect(await letIn()).toEqual(["laptop", "tablet", "program"]);
  expect(await endSession(access, { userId: user.id, sessionId })).toBe(false);
});

test("all other sessions end, and tokens stay", async () => {
  const { user, clients, letIn, idOf } = await setUp();
  const keptSessionId = idOf(clients.tablet);
  await endOtherSessions(access, { userId: user.id, keptSessionId });
  expect(await letIn()).toEqual(["tablet", "program"]);
  await endOtherSessions(access, { userId: user.id, keptSessionId: null });
  expect(await letIn()).toEqual(["program"]);
});

test("everything ends, tokens too, and only for this user", async () => {
  const [{ user, letIn }, another] = [await setUp(), await setUp()];
  await endEverything(access, user.id);
  expect(await letIn()).toEqual([]);
  expect(await another.letIn()).toHaveLength(4);
});
