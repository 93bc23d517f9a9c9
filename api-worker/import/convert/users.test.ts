import { expect, test } from "vitest";
import { canonicalEmail } from "../../src/contracts/email-address.ts";
import { verifyPassword } from "../../src/features/auth/credentials/password.ts";
import type { RawGroup, RawRow } from "../model.ts";
import { ada, at, codesOf, contextOf, msAt, rowsOf, uuid } from "../test/conversion.ts";
import { convertGroup } from "./convert-group.ts";
import { decideEmails, emailUserOf } from "./emails.ts";

function convert(user: RawRow, rest: Partial<Extract<RawGroup, { kind: "user" }>> = {}) {
  const group = {
    kind: "user",
    id: ada,
    user: { id: ada, ...user },
    firstUsedAt: null,
    ...rest,
  } as const;
  return convertGroup(group, contextOf(), new Map());
}

const rowOf = (...args: Parameters<typeof convert>) => rowsOf(convert(...args), "users")[0];

test("a user of the first state keeps id, address and hash", () => {
  const password = `$2a$10$${"a".repeat(53)}`;
  const converted = convert({ email: " Ada@Example.COM ", password }, { firstUsedAt: at(3) });
  expect(converted).toEqual({
    kind: "user",
    id: ada,
    tables: [
      {
        ...{ table: "users", database: "home", key: ["id"] },
        rows: [
          {
            ...{
              id: ada,
              email: "ada@example.com",
              passwordHash: password,
              name: null,
              isGuest: 0,
            },
            ...{ emailVerifiedAt: null, createdAt: msAt(3) },
          },
        ],
      },
    ],
    findings: [],
    userId: null,
  });
});

test("a user of a later state", () => {
  const user = {
    email: "ada@example.com",
    name: `  ${"ä".repeat(200)}`,
    createdAt: at(1),
    emailVerified: "t",
  };
  expect(rowOf({ ...user, password: null }, { firstUsedAt: at(9) })).toMatchObject({
    ...{ name: "ä".repeat(100), passwordHash: null, createdAt: msAt(1), emailVerifiedAt: msAt(1) },
  });
  const password = `$2b$10$${"b".repeat(53)}`;
  const accounts = [
    { providerId: "vercel", password: null },
    { providerId: "credential", password },
  ];
  expect(rowOf(user, { accounts })?.passwordHash).toBe(password);
});

test("guests have no address and no password", () => {
  const guest = { email: null, isGuest: 1, passwordHash: null };
  expect(rowOf({ email: "guest-1714557600000", password: "x" })).toMatchObject(guest);
  expect(rowOf({ email: "temp@x.example", isAnonymous: "t" })).toMatchObject(guest);
  expect(rowOf({ email: "guest-1@example.com", isAnonymous: "f" })).toMatchObject({ isGuest: 0 });
});

test("a hash that no login can check is kept and listed", () => {
  const converted = convert({ email: "a@b.example", password: "abc:def" });
  expect(rowsOf(converted, "users")[0]?.passwordHash).toBe("abc:def");
  expect(codesOf(converted)).toEqual(["password-unreadable"]);
});

test("an old password opens the account", async () => {
  const { hash: make } = await import("bcryptjs");
  const password = await make("tea before noon", 4);
  const stored = String(rowOf({ email: "a@b.example", password })?.passwordHash);
  expect(await verifyPassword("tea before noon", stored)).toMatchObject({ isRight: true });
  expect(await verifyPassword("tea after noon", stored)).toMatchObject({ isRight: false });
});

const decide = (...users: readonly (readonly [number, string | null, string | null])[]) =>
  [...decideEmails(users.map(([id, email, used]) => emailUserOf({ id: uuid(id), email }, used)))]
    .sort()
    .map(([, { email, problem }]) => [email, problem]);

test("of several accounts with one address the one that was used first keeps it", () => {
  const users = [
    [1, "Ada@example.com", null],
    [2, "ada@EXAMPLE.com", at(2)],
    [3, "ada@example.com", at(1)],
  ] as const;
  const expected = [
    ["ada+000000000@example.com", "taken"],
    ["ada+00000000@example.com", "taken"],
    ["ada@example.com", null],
  ];
  expect(decide(...users)).toEqual(expected);
  // The order in which the source lists them makes no difference.
  expect(decide(...users.toReversed())).toEqual(expected);
});

test("an address that is made is free, and one that the product takes", () => {
  const long = `${"a".repeat(240)}@example.com`;
  const decided = decide(
    [1, "ada@example.com", at(1)],
    [2, "ADA@example.com", at(2)],
    [3, "ada+00000000@example.com", at(3)],
    [4, long, at(1)],
    [5, long.toUpperCase(), at(2)],
    [6, "not an address", null],
    [7, null, null],
    [8, `${"x".repeat(300)}@example.com`, null],
    [9, "пример@пример.рф", null],
  );
  const emails = decided.map(([email]) => email);
  expect(new Set(emails).size).toBe(emails.length);
  for (const email of emails) {
    expect(canonicalEmail(String(email))).toBe(email);
    expect(String(email).length).toBeLessThanOrEqual(254);
  }
  expect(decided[0]).toEqual(["ada@example.com", null]);
  expect(decided[2]).toEqual(["ada+00000000@example.com", null]);
  expect(decided[8]).toEqual(["пример@xn--e1afmkfd.xn--p1ai", null]);
  expect(decided.slice(5, 8).map(([, problem]) => problem)).toEqual([
    "invalid",
    "invalid",
    "invalid",
  ]);
});

test("the decision is told", () => {
  const emails = decideEmails(
    [1, 2].map((id) => emailUserOf({ id: uuid(id), email: "Ada@x.example" }, at(id))),
  );
  const group = {
    kind: "user",
    id: uuid(2),
    user: { id: uuid(2), email: "Ada@x.example" },
    firstUsedAt: at(2),
  } as const;
  const converted = convertGroup(group, contextOf({ emails }), new Map());
  expect(rowsOf(converted, "users")[0]?.email).toBe("ada+00000000@x.example");
  expect(converted.findings).toEqual([
    {
      ...{ code: "email-taken", table: "User", id: uuid(2) },
      text: "Ada@x.example is the address of an older account too. This account has ada+00000000@x.example here, with its chats and its password.",
    },
  ]);
});
