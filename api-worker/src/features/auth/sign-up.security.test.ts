/** Who can create an account, and that a refusal tells nothing about an address. */
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { anonymous } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createUser } from "../../../test/factories.ts";
import { storeSettings } from "../../../test/site-settings.ts";
import { newId } from "../../platform/ids.ts";

const { SIGNUP, SIGNUP_DOMAINS, GUESTS } = env;
afterEach(async () => {
  Object.assign(env, { SIGNUP, SIGNUP_DOMAINS, GUESTS, GOOGLE_GENERATIVE_AI_API_KEY: "" });
  await storeSettings({});
});

const password = "correct horse";
const signUp = (email: string) => anonymous().api.auth.signUp.mutate({ email, password });
const usersWith = (email: string) =>
  env.HOME.prepare("SELECT count(*) AS n FROM users WHERE email = ?").bind(email).first("n");

test("anyone can sign up by default", async () => {
  expect(await anonymous().api.auth.options.query()).not.toHaveProperty("signUp");
  await signUp(`${newId()}@anywhere.example`);
});

test("with sign-up off no account begins, also of a guest, and an address that is taken gets the same answer", async () => {
  env.SIGNUP = "off";
  expect(await anonymous().api.auth.options.query()).toMatchObject({
    signUp: { mode: "off", domains: [] },
  });
  const taken = await createUser();
  const email = `${newId()}@example.com`;
  const refusal = {
    errorCode: "FORBIDDEN",
    httpStatus: 403,
    message: "Sign-up is turned off. Log in, or ask an administrator for an account.",
  };
  expect(await errorOf(signUp(email))).toEqual(refusal);
  expect(await errorOf(signUp(taken.email ?? ""))).toEqual(refusal);
  expect(await usersWith(email)).toBe(0);
  const guest = anonymous();
  const { id } = await guest.api.auth.startGuest.mutate();
  expect(await errorOf(guest.api.auth.signUp.mutate({ email, password }))).toEqual(refusal);
  expect(await guest.api.auth.me.query()).toMatchObject({ id, isGuest: true });
});

test("with domains only their addresses sign up; any other gets the same answer, taken or not", async () => {
  Object.assign(env, { SIGNUP: "domains", SIGNUP_DOMAINS: "Team.example, пример.рф" });
  expect(await anonymous().api.auth.options.query()).toMatchObject({
    signUp: { mode: "domains", domains: ["team.example", "пример.рф"] },
  });
  await signUp(`${newId()}@TEAM.example`);
  await signUp(`${newId()}@пример.рф`);
  const taken = await createUser({ email: `${newId()}@other.example` });
  const others = [taken.email ?? "", `${newId()}@other.example`];
  // Neither a domain below it nor one that ends like it.
  others.push(`${newId()}@sub.team.example`, `${newId()}@myteam.example`);
  others.push(`team.example@other.example`);
  const refusals = await Promise.all(others.map((email) => errorOf(signUp(email))));
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  expect(refusals[0]).toMatchObject({
    errorCode: "INVALID",
    fields: { email: expect.any(String) },
  });
});

test("an account logs in whatever the settings say of sign-up", async () => {
  const email = `${newId()}@example.com`;
  await signUp(email);
  env.SIGNUP = "off";
  expect(await anonymous().api.auth.logIn.mutate({ email, password })).toMatchObject({ email });
});

test("what is stored comes before the variables, at the next sign-up", async () => {
  await storeSettings({ signUp: "off" });
  expect(await errorOf(signUp(`${newId()}@example.com`))).toMatchObject({ errorCode: "FORBIDDEN" });
  await storeSettings({ signUp: "domains", signUpDomains: ["team.example"] });
  await signUp(`${newId()}@team.example`);
  expect(await errorOf(signUp(`${newId()}@example.com`))).toMatchObject({ errorCode: "INVALID" });
  env.SIGNUP = "off";
  await storeSettings({ signUp: "open" });
  await signUp(`${newId()}@example.com`);
});

test("a mode that this worker does not know closes sign-up", async () => {
  await storeSettings({ signUp: "by-moonlight" as "off", guests: false });
  expect(await errorOf(signUp(`${newId()}@example.com`))).toMatchObject({ errorCode: "FORBIDDEN" });
  expect(await errorOf(anonymous().api.auth.startGuest.mutate())).toMatchObject({
    errorCode: "FORBIDDEN",
  });
});

test("with a provider's key guests are off unless they are switched on", async () => {
  const start = () => anonymous().api.auth.startGuest.mutate();
  Object.assign(env, { GUESTS: "", GOOGLE_GENERATIVE_AI_API_KEY: "a-key" });
  expect(await anonymous().api.auth.options.query()).toEqual({ canStartGuest: false });
  expect(await errorOf(start())).toMatchObject({ errorCode: "FORBIDDEN" });
  env.GUESTS = "on";
  await start();
  env.GUESTS = "";
  await storeSettings({ guests: true });
  await start();
});
