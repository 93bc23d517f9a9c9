import nodeCrypto from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { anonymous } from "../../../../test/callers.ts";
import { createUser } from "../../../../test/factories.ts";
import { newId } from "../../../platform/ids.ts";

const scrypt = vi.spyOn(nodeCrypto, "scrypt");

beforeEach(() => {
  scrypt.mockClear();
});

/** The key length and the cost of every scrypt call. */
const work = () => scrypt.mock.calls.map(([, , keyBytes, { N, r, p }]) => ({ keyBytes, N, r, p }));

const onePasswordsWork = [{ keyBytes: 32, N: 16_384, r: 8, p: 1 }];
const newEmail = () => `${newId()}@example.com`;

test.each([
  ["a wrong password", async () => (await createUser()).email],
  ["an unknown address", async () => newEmail()],
  ["an account without a password", async () => (await createUser({ passwordHash: null })).email],
  ["a disabled account", async () => (await createUser({ disabledAt: 1 })).email],
])("a login with %s costs the work of one password", async (_, makeEmail) => {
  const email = (await makeEmail()) ?? "";
  const logIn = anonymous().api.auth.logIn.mutate({ email, password: "wrong password" });
  await expect(logIn).rejects.toThrow(/Incorrect email/);
  expect(work()).toEqual(onePasswordsWork);
});

test("a sign-up costs the same for an address that is taken and for a new one", async () => {
  const taken = (await createUser()).email ?? "";
  const refused = anonymous().api.auth.signUp.mutate({ email: taken, password: "wrong password" });
  await expect(refused).rejects.toThrow(/couldn’t create/);
  expect(work()).toEqual(onePasswordsWork);
  scrypt.mockClear();
  await anonymous().api.auth.signUp.mutate({ email: newEmail(), password: "wrong password" });
  expect(work()).toEqual(onePasswordsWork);
});
