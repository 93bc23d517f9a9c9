import { expect, test } from "vitest";
import { anonymous } from "../../../../test/callers.ts";
import { errorOf, type SeenError } from "../../../../test/client.ts";
import { createUser } from "../../../../test/factories.ts";
import { addressKey } from "../../../contracts/client-address.ts";
import { newId } from "../../../platform/ids.ts";

/**
 * Tries until it is refused. The platform counts in windows of one minute by the wall clock, so one
 * window may end during the test. Within twice the limit one try must be refused.
 */
async function triesUntilRefused(limit: number, attempt: () => Promise<SeenError>) {
  for (let count = 1; count <= 2 * limit + 1; count += 1) {
    const error = await attempt();
    if (error.errorCode === "RATE_LIMITED") return { count, error };
  }
  throw new Error("No try was refused.");
}

const tooMany = {
  errorCode: "RATE_LIMITED",
  httpStatus: 429,
  retryAfterSeconds: 60,
  message: "Too many attempts. Wait a minute, then try again.",
};
const wrong = "wrong password";
const newEmail = () => `${newId()}@example.com`;

test("after 10 guesses at one account from anywhere a login is refused, the right one too", async () => {
  const user = await createUser();
  const email = user.email ?? "";
  const logIn = (password: string) =>
    errorOf(anonymous().api.auth.logIn.mutate({ email, password }));
  const { count, error } = await triesUntilRefused(10, () => logIn(wrong));
  expect(count).toBeGreaterThan(10);
  expect(error).toEqual(tooMany);
});

test("a sign-up is a guess too: both count together for one address", async () => {
  const user = await createUser();
  const credentials = { email: user.email ?? "", password: wrong };
  let isSignUp = false;
  const { count, error } = await triesUntilRefused(10, () => {
    isSignUp = !isSignUp;
    const { auth } = anonymous().api;
    return errorOf(isSignUp ? auth.signUp.mutate(credentials) : auth.logIn.mutate(credentials));
  });
  expect(count).toBeGreaterThan(10);
  expect(error).toEqual(tooMany);
});

test("after 20 guesses at many accounts one client is refused, and others are not", async () => {
  const address = "2001:db8:1:2::";
  let host = 0;
  const logIn = (client: ReturnType<typeof anonymous>) =>
    errorOf(client.api.auth.logIn.mutate({ email: newEmail(), password: wrong }));
  const { count, error } = await triesUntilRefused(20, () => {
    host += 1;
    return logIn(anonymous({ address: `${address}${host.toString(16)}` }));
  });
  expect(count).toBeGreaterThan(20);
  expect(error).toEqual(tooMany);
  expect((await logIn(anonymous({ address: "2001:db8:1:3::1" }))).errorCode).toBe(
    "UNAUTHENTICATED",
  );
});

test("after 10 sign-ups one client is refused", async () => {
  const client = anonymous();
  const signUp = (): Promise<unknown> => {
    const call = client.api.auth.signUp.mutate({ email: newEmail(), password: "correct horse" });
    return call.then(
      () => "created",
      () => errorOf(call),
    );
  };
  let count = 0;
  let outcome: unknown;
  do {
    outcome = await signUp();
    count += 1;
  } while (outcome === "created" && count <= 20);
  expect(count).toBeGreaterThan(10);
  expect(outcome).toEqual(tooMany);
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:DB8:0:0:ffff::1", "2001:db8:0:0::/64"],
  ["2001:0db8:0001:0002:3:4:5:6", "2001:db8:1:2::/64"],
  ["1::2:3:4:5:6", "1:0:0:2::/64"],
  ["::1", "0:0:0:0::/64"],
])("the client with address %s counts as %s", (address, key) => {
  expect(addressKey(address)).toBe(key);
});
