import { demoPassword } from "db/factories";
import { expect, test } from "vitest";
import { anonymous } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { newId } from "../../../platform/ids.ts";
import { hashPassword } from "./password.ts";

const tooEasy = "This password is too easy to guess. Use one that’s harder to guess.";
const address = () => `lovelace.${newId()}@example.com`;

test.each([
  "password",
  "PassWord",
  "ｐａｓｓｗｏｒｄ",
  "p a s s w o r d",
  "password!!!",
  "12345678",
  "qwertyuiop",
  "iloveyou1",
  "        ",
  "\u00a0\u2003\u00a0\u2003\u00a0\u2003\u00a0\u2003",
  "aaaaaaaaaaaaaaaa",
  "abababababab",
  "xyzxyzxyzx",
  "1a2b1a2b1a2b",
  "hijklmnopqrs",
  "9876543210",
  "alleatochat",
  "Alleato-Chat 2026!",
  "Lovelace1815",
  "Ada Lovelace",
  "example.com",
  "\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}",
])("a sign-up with the password %j is refused, and makes no account", async (password) => {
  const email = address();
  const client = anonymous();
  const error = await errorOf(
    client.api.auth.signUp.mutate({ email, password, name: "Ada Lovelace" }),
  );
  expect(error).toEqual({
    errorCode: "INVALID",
    httpStatus: 400,
    message: tooEasy,
    fields: { password: tooEasy },
  });
  expect(client.cookies.size).toBe(0);
});

test("the address itself is refused as its password, also with a digit", async () => {
  for (const suffix of ["", "1", "!2026"]) {
    const email = address();
    const password = `${email}${suffix}`;
    const error = await errorOf(anonymous().api.auth.signUp.mutate({ email, password }));
    expect(error).toMatchObject({ errorCode: "INVALID", fields: { password: tooEasy } });
  }
});

test.each([
  "correct horse battery",
  demoPassword,
  "Lovelace wrote the first program",
  "chatter of geese",
  "猫は窓辺で眠っている",
])("a sign-up with the password %j is taken", async (password) => {
  const email = address();
  const viewer = await anonymous().api.auth.signUp.mutate({ email, password });
  expect(viewer.email).toBe(email);
});

test("what is said of a password says nothing of the address", async () => {
  const taken = (await createUser()).email ?? "";
  const signUp = (email: string) =>
    errorOf(anonymous().api.auth.signUp.mutate({ email, password: "password" }));
  expect(await signUp(taken)).toEqual(await signUp(address()));
});

test("an account with such a password can still log in", async () => {
  const user = await createUser({ passwordHash: await hashPassword("password") });
  const credentials = { email: user.email ?? "", password: "password" };
  expect((await anonymous().api.auth.logIn.mutate(credentials)).id).toBe(user.id);
});
