import nodeCrypto from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { anonymous } from "../../../../test/callers.ts";
import { createUser } from "../../../../test/factories.ts";
import { newId } from "../../../platform/ids.ts";

const scrypt = vi.spyOn(nodeCrypto, "scryptSync");

beforeEach(() => {
  scrypt.mockClear();
});

/** The key length and the cost of every scrypt call. */
const work = () =>
  scrypt.mock.calls.map(([, , keyBytes, options]) => ({ keyBytes, ...costOf(options) }));
const costOf = ({ N, r, p }: nodeCrypto.ScryptOptions = {}) => ({ N, r, p });

const onePasswordsWork = [{ keyBytes: 32, N: 32_768, r: 8, p: 3 }];
const newEmail = () => `${newId()}@example.com`;

/** What an older version stored, for the password "old password": N = 2^14 and 2^10. */
const olderHashes = [
  "$scrypt$ln=14,r=8,p=1$phDgIEtqu9AhgUE1BAx7jA$NLMT+W/8sGSeBZdSiH4NZkLyxapMhDzSEKhvWmeMOQM",
  "$scrypt$ln=10,r=8,p=1$E60nHD/P8GqD0eHJX2BX8A$dyoa2a9upxmt4+Jcu/0P6ecDRyY0TVkZI5qXUEmvxIY",
];

const accounts: readonly [string, () => Promise<string | null>][] = [
  ["a wrong password", async () => (await createUser()).email],
  ["an unknown address", async () => newEmail()],
  ["an account without a password", async () => (await createUser({ passwordHash: null })).email],
  ["a disabled account", async () => (await createUser({ disabledAt: 1 })).email],
];

async function failToLogIn(email: string | null, password: string) {
  const logIn = anonymous().api.auth.logIn.mutate({ email: email ?? "", password });
  await expect(logIn).rejects.toThrow(/Incorrect email/);
}

test.each(accounts)("a login with %s costs the work of one password", async (_, makeEmail) => {
  await failToLogIn(await makeEmail(), "wrong password");
  expect(work()).toEqual(onePasswordsWork);
});

test.each(accounts)(
  "a login with %s that has two forms costs the work of two passwords",
  async (_, makeEmail) => {
    await failToLogIn(await makeEmail(), "wrong pa\u0308ssword");
    expect(work()).toEqual([...onePasswordsWork, ...onePasswordsWork]);
  },
);

test("a wrong guess at an older hash costs as many blocks as at a new one", async () => {
  const blocks = () => work().reduce((sum, { N = 0, r = 0, p = 0 }) => sum + N * r * p, 0);
  for (const passwordHash of olderHashes) {
    scrypt.mockClear();
    await failToLogIn((await createUser({ passwordHash })).email, "wrong password");
    expect(work().length).toBe(2);
    expect(blocks()).toBe(32_768 * 8 * 3);
  }
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

test("ten logins at once fill one table after another, none beside another", async () => {
  // With a callback, another version of the runtime might use threads.
  const beside = vi.spyOn(nodeCrypto, "scrypt");
  const logIns = Array.from({ length: 10 }, () => failToLogIn(newEmail(), "wrong password"));
  await Promise.all(logIns);
  expect(work()).toEqual(Array.from({ length: 10 }, () => onePasswordsWork[0]));
  expect(beside).not.toHaveBeenCalled();
});
