import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../../test/factories.ts";
import type { UserKind, UserSort } from "../../../contracts/admin-users.ts";

let admin: Caller;
const list = (input: Parameters<Caller["api"]["admin"]["users"]["list"]["query"]>[0]) =>
  admin.api.admin.users.list.query(input);
/** A domain that no other test uses. */
const domain = "@lists.example";

beforeAll(async () => {
  admin = await callerFor("admin");
  const people = [
    { email: "ada@lists.example", name: "Zoe Ada", createdAt: 1 },
    { email: "bob@lists.example", name: "adamant Bob", createdAt: 3 },
    { email: "cy@lists.example", name: null, createdAt: 2, disabledAt: 5 },
    { email: "adam@lists.example", name: "Adam", createdAt: 3, role: "admin" as const },
  ];
  for (const person of people) await createUser(person);
  for (const createdAt of [1, 2]) await createUser({ email: null, createdAt });
});

/** All pages of a list, each of one user. */
async function walk(input: { kind?: UserKind; sort?: UserSort; search?: string }) {
  const found = [];
  let cursor: string | null | undefined;
  do {
    const page = await list({ ...input, limit: 1, cursor });
    expect(page.items.length).toBeLessThanOrEqual(1);
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

const nameOf = ({ email }: { readonly email: string | null }) => email?.split("@")[0];

test.each([
  ["newest", ["bob", "adam", "cy", "ada"]],
  ["oldest", ["ada", "cy", "adam", "bob"]],
  ["email", ["ada", "adam", "bob", "cy"]],
] as const)("accounts are listed page by page, %s", async (sort, expected) => {
  const accounts = await walk({ sort });
  const ours = accounts.filter(({ email }) => email?.endsWith(domain)).map(nameOf);
  // Two accounts are of the same time: their ids decide, in both directions.
  const sorted = sort === "email" ? [...expected] : ours;
  expect(ours).toEqual(sorted);
  expect(ours.toSorted()).toEqual(expected.toSorted());
  const times = accounts.map(({ createdAt }) => createdAt);
  if (sort === "newest") expect(times).toEqual(times.toSorted((one, other) => other - one));
  if (sort === "oldest") expect(times).toEqual(times.toSorted((one, other) => one - other));
  const whole = await list({ sort });
  expect(whole.items).toEqual(accounts);
});

test.each([
  ["guests", ({ isGuest }: { isGuest: boolean }) => isGuest],
  ["admins", ({ role }: { role: string }) => role === "admin"],
  ["disabled", ({ disabledAt }: { disabledAt: number | null }) => disabledAt !== null],
] as const)("the list of %s has these users and no others", async (kind, isOfKind) => {
  for (const sort of ["newest", "oldest", "email"] as const) {
    const users = await walk({ kind, sort });
    expect(users.length).toBeGreaterThan(0);
    expect(users.every(isOfKind as (user: (typeof users)[number]) => boolean)).toBe(true);
  }
});

test.each([
  ["the beginning of an address or a name, in any case", "ADA", ["ada", "adam", "bob"]],
  ["a whole address", "cy@lists.example", ["cy"]],
  ["the domain of an address", domain, ["ada", "adam", "bob", "cy"]],
  ["a part in the middle, which finds no user", "dam@", []],
  ["a wildcard, which is none", "%", []],
])("users are found by %s", async (_, search, expected) => {
  const found = await walk({ search });
  expect(found.map(nameOf)).toEqual(expected);
});

test("a search stays within the kind of users", async () => {
  expect((await walk({ search: "ada", kind: "admins" })).map(nameOf)).toEqual(["adam"]);
  expect((await walk({ search: domain, kind: "disabled" })).map(nameOf)).toEqual(["cy"]);
});

test("a user is found by the id, with what the user stores", async () => {
  const { user } = await callerFor("owner");
  const chat = await createChat(user, { title: "12345" });
  await createMessage(user, chat, { text: "Hi" });
  const { items, nextCursor } = await list({ search: user.id });
  expect(nextCursor).toBeNull();
  const use = await env.CONTENT_0.prepare("SELECT textBytes FROM contentUse WHERE userId = ?")
    .bind(user.id)
    .first<{ textBytes: number }>();
  expect(items).toEqual([
    {
      ...{ id: user.id, email: user.email, name: null, role: "user", isGuest: false },
      ...{ createdAt: user.createdAt, disabledAt: null, lastSeenAt: expect.any(Number) },
      ...{ chats: 1, messages: 1, storedBytes: use?.textBytes },
    },
  ]);
});

test("a cursor of another origin is refused", async () => {
  expect(await errorOf(list({ cursor: "WzEsMl0" }))).toMatchObject({ errorCode: "INVALID" });
});
