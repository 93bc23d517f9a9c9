import { env } from "cloudflare:workers";
import { hashSync } from "bcryptjs";
import { createHomeDb } from "db";
import { demoPassword } from "db/factories";
import { afterEach, expect, test } from "vitest";
import { anonymous, callerAs, callerFor } from "../../../test/callers.ts";
import { createClient, errorOf } from "../../../test/client.ts";
import { createUser } from "../../../test/factories.ts";
import { newId } from "../../platform/ids.ts";

const home = createHomeDb(env.HOME);
const adminEmails = env.ADMIN_EMAILS;

afterEach(() => {
  env.ADMIN_EMAILS = adminEmails;
});

const newEmail = () => `${newId()}@example.com`;
const password = "correct horse";
const local = { origin: "http://localhost:5173", address: "127.0.0.1" };
const refusedLogIn = {
  errorCode: "UNAUTHENTICATED",
  httpStatus: 401,
  message: "Incorrect email or password.",
};

test("someone signs up, logs out, and logs in again from another browser", async () => {
  const email = newEmail();
  const first = anonymous();
  const created = await first.api.auth.signUp.mutate({ email, password, name: "Ada" });
  expect(created).toEqual({ id: created.id, email, name: "Ada", role: "user", isGuest: false });
  expect(await first.api.auth.me.query()).toEqual(created);
  await first.api.auth.logOut.mutate();
  expect(await first.api.auth.me.query()).toBeNull();

  const second = anonymous();
  expect(await second.api.auth.logIn.mutate({ email, password })).toEqual(created);
  expect(await second.api.auth.me.query()).toEqual(created);
});

test("an e-mail address is the same in any case and with spaces around", async () => {
  const email = newEmail();
  const created = await anonymous().api.auth.signUp.mutate({
    email: ` ${email.toUpperCase()} `,
    password,
  });
  expect(created.email).toBe(email);
  const again = await anonymous().api.auth.logIn.mutate({ email: email.toUpperCase(), password });
  expect(again.id).toBe(created.id);
});

test("both spellings of a domain are one account, shown in its own script", async () => {
  const name = newId();
  const created = await anonymous().api.auth.signUp.mutate({
    email: `${name}@ПРИМЕР.рф`,
    password,
  });
  expect(created.email).toBe(`${name}@пример.рф`);
  const email = `${name}@xn--e1afmkfd.xn--p1ai`;
  const again = await anonymous().api.auth.logIn.mutate({ email, password });
  expect(again).toEqual(created);
});

test("both ways to write an accent are one address and one password", async () => {
  const name = newId();
  const signedUp = { email: `jos\u00e9.${name}@example.com`, password: "caf\u00e9 cr\u00e8me" };
  const created = await anonymous().api.auth.signUp.mutate(signedUp);
  const typed = {
    email: signedUp.email.normalize("NFD"),
    password: signedUp.password.normalize("NFD"),
  };
  expect(typed).not.toEqual(signedUp);
  expect(await anonymous().api.auth.logIn.mutate(typed)).toEqual(created);
});

test("a password has as many characters as a person sees, whatever its form", async () => {
  const long = "éàüöçñåêîôûýšžčř".repeat(16).normalize("NFD");
  expect(long.length).toBe(512);
  const email = newEmail();
  await anonymous().api.auth.signUp.mutate({ email, password: long });
  expect((await anonymous().api.auth.logIn.mutate({ email, password: long })).email).toBe(email);
  const short = "éàüöçñå".normalize("NFD");
  const error = await errorOf(anonymous().api.auth.signUp.mutate({ email, password: short }));
  expect(error).toMatchObject({ fields: { password: "Use at least 8 characters." } });
});

test("a password and a session never come back, nor does a hash", async () => {
  const client = anonymous();
  const email = newEmail();
  const response = await client.fetch("/trpc/auth.signUp", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const { result } = await response.json<{ result: { data: object } }>();
  expect(Object.keys(result.data).sort()).toEqual(["email", "id", "isGuest", "name", "role"]);
  expect(response.headers.getSetCookie()[0]).toMatch(
    /^__Host-session=[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  );
});

test("on a local machine without HTTPS the cookie does without Secure", async () => {
  const client = createClient(local);
  const user = await createUser();
  const response = await client.fetch("/trpc/auth.logIn", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: user.email, password: demoPassword }),
  });
  expect(response.headers.getSetCookie()[0]).toMatch(
    /^session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  expect(await client.api.auth.me.query()).toMatchObject({ id: user.id });
});

test("over plain HTTP elsewhere a session goes only into a cookie that needs HTTPS", async () => {
  const client = createClient({ origin: "http://app.test" });
  await client.api.auth.signUp.mutate({ email: newEmail(), password });
  expect([...client.cookies.keys()]).toEqual(["__Host-session", "__Host-browser"]);
});

test.each([
  ["a short password", { email: "a@example.com", password: "1234567" }, "password"],
  ["an endless password", { email: "a@example.com", password: "x".repeat(257) }, "password"],
  ["no e-mail address", { email: "ada", password }, "email"],
])("%s is refused, and the answer says where", async (_, input, field) => {
  const error = await errorOf(anonymous().api.auth.signUp.mutate(input));
  expect(error).toMatchObject({ errorCode: "INVALID", fields: { [field]: expect.any(String) } });
  expect(error.message).toBe(error.fields?.[field]);
});

test("a wrong password, an unknown address, an account without password and a disabled one get one answer", async () => {
  const user = await createUser();
  const withoutPassword = await createUser({ passwordHash: null });
  const disabled = await createUser({ disabledAt: 1 });
  const logIn = (email: string | null, guess: string) =>
    errorOf(anonymous().api.auth.logIn.mutate({ email: email ?? "", password: guess }));
  expect(await logIn(user.email, "wrong password")).toEqual(refusedLogIn);
  expect(await logIn(newEmail(), demoPassword)).toEqual(refusedLogIn);
  expect(await logIn(withoutPassword.email, demoPassword)).toEqual(refusedLogIn);
  expect(await logIn(disabled.email, demoPassword)).toEqual(refusedLogIn);
});

test("a login makes a new session, and the one that the browser had is over", async () => {
  const user = await createUser();
  const client = await callerFor("anotherUser");
  const planted = client.cookies.get("__Host-session") ?? "";
  await client.api.auth.logIn.mutate({ email: user.email ?? "", password: demoPassword });
  expect(client.cookies.get("__Host-session")).not.toBe(planted);
  expect(await client.api.auth.me.query()).toMatchObject({ id: user.id });
  client.cookies.set("__Host-session", planted);
  expect(await client.api.auth.me.query()).toBeNull();
});

test("a failed login leaves the browser's session as it is", async () => {
  const client = await callerFor("owner");
  await errorOf(client.api.auth.logIn.mutate({ email: newEmail(), password }));
  expect(await client.api.auth.me.query()).toMatchObject({ id: client.user.id });
});

test("signing up where one has an account already is logging in", async () => {
  const email = newEmail();
  const created = await anonymous().api.auth.signUp.mutate({ email, password, name: "Ada" });
  const again = anonymous();
  expect(await again.api.auth.signUp.mutate({ email, password, name: "Eve" })).toEqual(created);
  expect(await again.api.auth.me.query()).toEqual(created);
});

test("a sign-up for an address that is taken is refused without a word about it", async () => {
  const user = await createUser();
  const client = anonymous();
  const error = await errorOf(client.api.auth.signUp.mutate({ email: user.email ?? "", password }));
  expect(error).toEqual({
    errorCode: "INVALID",
    httpStatus: 400,
    message: "We couldn’t create this account. If you already have one, log in.",
  });
  expect(client.cookies.size).toBe(0);
});

test("two sign-ups at once for one address make one account", async () => {
  const email = newEmail();
  const [first, second] = await Promise.all([
    anonymous().api.auth.signUp.mutate({ email, password }),
    anonymous().api.auth.signUp.mutate({ email, password }),
  ]);
  expect(first).toEqual(second);
});

test("a bcrypt hash opens the account once, and is replaced by scrypt", async () => {
  const user = await createUser({ passwordHash: hashSync("imported", 4) });
  const storedHash = async () =>
    (
      await home.kysely
        .selectFrom("users")
        .select("passwordHash")
        .where("id", "=", user.id)
        .executeTakeFirstOrThrow()
    ).passwordHash;
  const logIn = (guess: string) =>
    anonymous().api.auth.logIn.mutate({ email: user.email ?? "", password: guess });

  expect(await errorOf(logIn("wrong"))).toEqual(refusedLogIn);
  expect(await storedHash()).toBe(user.passwordHash);
  expect((await logIn("imported")).id).toBe(user.id);
  const replaced = await storedHash();
  expect(replaced).toMatch(/^\$scrypt\$ln=15,/);
  expect((await logIn("imported")).id).toBe(user.id);
  expect(await storedHash()).toBe(replaced);
});

test("on a local machine ADMIN_EMAILS makes an administrator at sign-up", async () => {
  const email = newEmail();
  env.ADMIN_EMAILS = `someone@example.com, ${email.toUpperCase()}`;
  const client = createClient(local);
  expect(await client.api.auth.signUp.mutate({ email, password })).toMatchObject({ role: "admin" });
  const other = await client.api.auth.signUp.mutate({ email: newEmail(), password });
  expect(other.role).toBe("user");
});

test.each([
  ["in production", {}],
  ["with a forged Host, from elsewhere", { origin: "http://localhost", address: "203.0.113.7" }],
  ["from the machine, by its public name", { address: "127.0.0.1" }],
])(
  "%s an address in ADMIN_EMAILS that is not verified makes no administrator",
  async (_, options) => {
    const email = newEmail();
    env.ADMIN_EMAILS = email;
    const client = createClient(options);
    expect((await client.api.auth.signUp.mutate({ email, password })).role).toBe("user");
    expect((await client.api.auth.logIn.mutate({ email, password })).role).toBe("user");
  },
);

test("once the address is verified, ADMIN_EMAILS makes an administrator at login", async () => {
  const user = await createUser({ emailVerifiedAt: 1 });
  const credentials = { email: user.email ?? "", password: demoPassword };
  expect((await anonymous().api.auth.logIn.mutate(credentials)).role).toBe("user");
  env.ADMIN_EMAILS = user.email ?? "";
  const client = anonymous();
  expect((await client.api.auth.logIn.mutate(credentials)).role).toBe("admin");
  expect(await client.api.auth.me.query()).toMatchObject({ role: "admin" });
  expect((await (await callerAs(user)).api.auth.me.query())?.role).toBe("admin");
});
