/** Turnstile on the wire, against a server that responds as Cloudflare's documentation says. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import type { VerifyCall } from "../../../../../scripts/lib/turnstile-stand-in.ts";
import { anonymous } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { takeErrors, takeInfos } from "../../../../test/logs.ts";
import { question } from "../../../../test/turns.ts";
import { newId } from "../../../platform/ids.ts";
import { OutboundRefusal, servicesOf } from "../../../platform/outbound.ts";
import { formatGuestTicket } from "../guest/guest-ticket.ts";
import { newSessionToken } from "../session/session-token.ts";

const turnstileUrl = inject("turnstileUrl");
const secret = "the-secret-of-the-stand-in";
const { TURNSTILE_SITE_KEY, TURNSTILE_URL } = env;
const turnOn = (changed: Record<string, string> = {}) =>
  Object.assign(env, {
    ...{ TURNSTILE_SITE_KEY: "1x00000000000000000000AA", TURNSTILE_URL: turnstileUrl },
    ...{ TURNSTILE_SECRET: secret, ...changed },
  });
beforeEach(() => {
  turnOn();
});
afterEach(() => {
  Object.assign(env, { TURNSTILE_SITE_KEY, TURNSTILE_URL, TURNSTILE_SECRET: "" });
});

const address = "192.0.2.33";
const good = () => `good-${newId()}`;
const startGuest = (turnstileToken?: string, client = anonymous({ address: newAddress() })) =>
  turnstileToken === undefined
    ? client.api.auth.startGuest.mutate()
    : client.api.auth.startCheckedGuest.mutate({ turnstileToken });
const signUp = (turnstileToken?: string, client = anonymous({ address: newAddress() })) =>
  client.api.auth.signUp.mutate({
    ...{ email: `${newId()}@example.com`, password: "correct horse" },
    turnstileToken,
  });
let addresses = 0;
const newAddress = () => {
  addresses += 1;
  return `203.0.113.${addresses}`;
};
const callsWith = async (token: string) => {
  const calls = await (await fetch(`${turnstileUrl}/calls`)).json<VerifyCall[]>();
  return calls.filter(({ response }) => response === token);
};

test.each([
  ["a guest session", startGuest],
  ["an account", signUp],
])("%s begins with a good token, which works once", async (_, begin) => {
  const token = good();
  const client = anonymous({ address });
  await begin(token, client);
  expect(client.cookies.size).toBeGreaterThan(0);
  const [call, ...others] = await callsWith(token);
  expect(others).toEqual([]);
  expect(call).toEqual({
    ...{ secret, response: token, remoteip: address },
    idempotency_key: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(await errorOf(begin(token))).toMatchObject({
    errorCode: "INVALID",
    fields: { turnstileToken: "The check that you’re human has expired. Complete it again." },
  });
});

test.each([
  ["none", undefined, "missing", 0],
  ["a made-up one", "made-up", "invalid-input-response", 1],
] as const)("nothing begins with a token that is %s", async (_, token, reason, calls) => {
  for (const begin of [startGuest, signUp]) {
    const client = anonymous({ address: newAddress() });
    expect(await errorOf(begin(token, client))).toMatchObject({
      errorCode: "INVALID",
      message: "Complete the check that you’re human, then try again.",
    });
    expect(client.cookies.has("__Host-session")).toBe(false);
  }
  expect(await callsWith(token ?? "")).toHaveLength(calls * 2);
  const events = takeInfos().filter(({ event }) => event === "auth.visitor_refused");
  expect(events).toMatchObject([{ reason }, { reason }]);
});

test("a longer token than Turnstile makes is not even asked about", async () => {
  const token = `good-${"x".repeat(2_048)}`;
  expect((await errorOf(startGuest(token))).errorCode).toBe("INVALID");
  expect(await callsWith(token)).toEqual([]);
});

test.each([
  ["fails inside", "internal"],
  ["says garbage", "garbage"],
  ["is an error page", "page"],
  ["redirects", "redirect"],
  ["says nothing", "slow"],
])("when Turnstile %s, the visitor does not pass, and is told", async (_, kind) => {
  const token = `${kind}-${newId()}`;
  const client = anonymous({ address: newAddress() });
  expect(await errorOf(startGuest(token, client))).toMatchObject({
    ...{ errorCode: "UPSTREAM_FAILED", httpStatus: 502 },
    message: "We couldn’t check that you’re human. Try again in a moment.",
  });
  expect(client.cookies.has("__Host-session")).toBe(false);
  // Asked twice, as the same request.
  const keys = (await callsWith(token)).map((call) => call.idempotency_key);
  expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  expect(takeErrors().map(({ event }) => event)).toEqual(["trpc.call"]);
});

test("a failure inside of Turnstile is tried again with the same token", async () => {
  const token = `fails-once-${newId()}`;
  await startGuest(token);
  expect(await callsWith(token)).toHaveLength(2);
});

test("a server that is down, and a wrong secret, let no visitor pass", async () => {
  turnOn({ TURNSTILE_URL: "http://127.0.0.1:9" });
  expect((await errorOf(startGuest(good()))).errorCode).toBe("UPSTREAM_FAILED");
  turnOn({ TURNSTILE_SECRET: "wrong" });
  expect((await errorOf(startGuest(good()))).errorCode).toBe("UPSTREAM_FAILED");
  const errors = takeErrors();
  expect(errors).toHaveLength(2);
  // Neither secret nor token is in the log.
  expect(JSON.stringify(errors)).not.toMatch(/good-|the-secret/);
});

test("the only server is Turnstile’s", async () => {
  const { turnstile } = servicesOf(env);
  await expect(turnstile?.fetch("https://evil.example/")).rejects.toThrow(OutboundRefusal);
});

test("a guest’s ticket that was made up opens nothing", async () => {
  const client = anonymous({ address: newAddress() });
  client.cookies.set("__Host-session", formatGuestTicket(newSessionToken()));
  expect(await errorOf(client.api.messages.send.mutate(question("count to 1")))).toMatchObject({
    errorCode: "UNAUTHENTICATED",
  });
});

test("a guest with a good token writes, uploads and signs up as any other", async () => {
  const client = anonymous({ address: newAddress() });
  const guest = await startGuest(good(), client);
  await client.api.messages.send.mutate(question("count to 1"));
  expect((await client.api.chats.list.query({})).items).toHaveLength(1);
  // Starting again keeps the session, without another token.
  expect(await startGuest(undefined, client)).toEqual(guest);
  expect((await signUp(good(), client)).id).toBe(guest.id);
});

test.each([
  ["the secret", { TURNSTILE_SECRET: "" }],
  ["the site key", { TURNSTILE_SITE_KEY: "" }],
])("without %s it is off: no page learns of it, and nothing needs a token", async (_, changed) => {
  turnOn(changed);
  expect(servicesOf(env).turnstile).toBeNull();
  expect(await anonymous().api.auth.options.query()).toEqual({ canStartGuest: true });
  await startGuest();
  await startGuest("whatever");
  await signUp();
});

test("pages learn the site key, not the secret", async () => {
  const options = await anonymous().api.auth.options.query();
  expect(options).toEqual({
    canStartGuest: true,
    turnstile: { siteKey: "1x00000000000000000000AA", url: turnstileUrl },
  });
});
