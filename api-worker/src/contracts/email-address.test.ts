import { expect, test } from "vitest";
import { emailSchema } from "./email-address.ts";

const canonical = (text: string) => emailSchema.safeParse(text).data ?? null;

test.each([
  ["ada@example.com", "ada@example.com"],
  [" Ada@Example.COM\n", "ada@example.com"],
  ["ivan@пример.рф", "ivan@xn--e1afmkfd.xn--p1ai"],
  ["ivan@XN--E1AFMKFD.xn--p1ai", "ivan@xn--e1afmkfd.xn--p1ai"],
  ["иван@пример.рф", "иван@xn--e1afmkfd.xn--p1ai"],
  ["jose\u0301@exa\u0301mple.com", "jos\u00e9@xn--exmple-qta.com"],
  ["ada@ｅｘａｍｐｌｅ。com", "ada@example.com"],
  ["a!#$%&'*+/=?^_`{|}~-b@example.com", "a!#$%&'*+/=?^_`{|}~-b@example.com"],
  ["o'brien+news@mail.example.co.uk", "o'brien+news@mail.example.co.uk"],
  ["用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"],
  ["a@b.co", "a@b.co"],
  ["1@1-2.example", "1@1-2.example"],
])("%j is the account %j", (text, expected) => {
  expect(canonical(text)).toBe(expected);
});

test.each([
  "",
  "ada",
  "ada@",
  "@example.com",
  "ada@localhost",
  "ada@example",
  ".ada@example.com",
  "ada.@example.com",
  "a..da@example.com",
  "a da@example.com",
  "a\u200bda@example.com",
  "a\u202eda@example.com",
  "a@da@example.com",
  '"a da"@example.com',
  "ada@example..com",
  "ada@example.com.",
  "ada@-example.com",
  "ada@example-.com",
  "ada@exa mple.com",
  "ada@exa%6dple.com",
  "ada@example.com:80",
  "ada@example.com/path",
  "ada@example.com#x",
  "ada@user:pw@example.com",
  "ada@127.0.0.1",
  "ada@0x7f.1",
  "ada@[::1]",
  `ada@${"x".repeat(64)}.com`,
  "ada@xn--.com",
])("%j is not an address", (text) => {
  expect(canonical(text)).toBeNull();
});

test("letters that only look alike are two accounts", () => {
  expect(canonical("ada@\u0430pple.com")).not.toBe(canonical("ada@apple.com"));
});

test("the length counts in the form that is stored", () => {
  const local = "a".repeat(limitOf("@example.com"));
  expect(canonical(`${local}@example.com`)).not.toBeNull();
  expect(canonical(`${local}a@example.com`)).toBeNull();
  expect(canonical(`${"a".repeat(limitOf("@пример.рф"))}@пример.рф`)).toBeNull();
});

function limitOf(rest: string): number {
  return 254 - rest.length;
}
