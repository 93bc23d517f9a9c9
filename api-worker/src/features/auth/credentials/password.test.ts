import { scryptSync } from "node:crypto";
import { encodeBase64NoPadding } from "@oslojs/encoding";
import { demoPassword, demoPasswordHash } from "db/factories";
import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

const right = { isRight: true, needsRehash: false };
const wrong = { isRight: false, needsRehash: false };

/** scrypt("old password") with N = 2^10, made with node:crypto. */
const cheapScrypt =
  "$scrypt$ln=10,r=8,p=1$E60nHD/P8GqD0eHJX2BX8A$dyoa2a9upxmt4+Jcu/0P6ecDRyY0TVkZI5qXUEmvxIY";
/** bcrypt("old password") with cost 4, with each prefix in use. */
const bcrypt = "$2b$04$zFybogDB/xhDQ1yDRkcs1.H4EG3EbNpx5LQwATUJmNDHm030S2JPy";

test("a hash says how it was made, and never comes out the same twice", async () => {
  const [first, second] = await Promise.all([hashPassword("pässword"), hashPassword("pässword")]);
  expect(first).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(first).not.toBe(second);
  expect(await verifyPassword("pässword", first)).toEqual(right);
  expect(await verifyPassword("passwörd", first)).toEqual(wrong);
});

test("the made-up users' hash is of today's kind", async () => {
  expect(await verifyPassword(demoPassword, demoPasswordHash)).toEqual(right);
});

/** "pässword" as two keyboards may write it. */
const composed = "p\u00e4ssword";
const decomposed = "pa\u0308ssword";

test("both ways to write an accent are one password", async () => {
  for (const hash of [await hashPassword(composed), await hashPassword(decomposed)]) {
    expect(await verifyPassword(composed, hash)).toEqual(right);
    expect(await verifyPassword(decomposed, hash)).toEqual(right);
    expect(await verifyPassword("password", hash)).toEqual(wrong);
  }
});

test("a hash of the letters as they were typed opens to them, and is replaced", async () => {
  const salt = new Uint8Array(16).fill(7);
  const key = scryptSync(decomposed, salt, 32, { N: 2 ** 10, r: 8, p: 1 });
  const encoded = [salt, new Uint8Array(key)].map((bytes) => encodeBase64NoPadding(bytes));
  const hash = `$scrypt$ln=10,r=8,p=1$${encoded.join("$")}`;
  expect(await verifyPassword(decomposed, hash)).toEqual({ isRight: true, needsRehash: true });
});

test("a right password with an older hash asks for a new one, a wrong one does not", async () => {
  for (const hash of [
    cheapScrypt,
    bcrypt,
    bcrypt.replace("$2b$", "$2a$"),
    bcrypt.replace("$2b$", "$2y$"),
  ]) {
    expect(await verifyPassword("old password", hash)).toEqual({
      isRight: true,
      needsRehash: true,
    });
    expect(await verifyPassword("old passwore", hash)).toEqual(wrong);
  }
});

test.each([
  ["none", null],
  ["empty", ""],
  ["plain text", "password"],
  ["an unknown kind", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$a2V5"],
  ["scrypt that asks for gigabytes", demoPasswordHash.replace("ln=15", "ln=30")],
  ["scrypt without a cost", demoPasswordHash.replace("r=8", "r=0")],
  ["bcrypt that would run for hours", bcrypt.replace("$04$", "$31$")],
  ["bcrypt cut short", bcrypt.slice(0, -1)],
])("no password fits a hash that is %s", async (_, hash) => {
  expect(await verifyPassword("password", hash)).toEqual(wrong);
});
