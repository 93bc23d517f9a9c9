import { expect, test } from "vitest";
import { settingsOf } from "../../platform/settings.ts";
import { isNamedAdmin } from "./roles.ts";

const email = "ada@example.com";

test.each([
  [{ emailVerifiedAt: null, isLocalSignUp: false }, email, false],
  [{ emailVerifiedAt: 1, isLocalSignUp: false }, email, true],
  [{ emailVerifiedAt: null, isLocalSignUp: true }, email, true],
  [{ emailVerifiedAt: 1, isLocalSignUp: true }, "grace@example.com", false],
  [{ emailVerifiedAt: 1, isLocalSignUp: true }, "", false],
  [{ emailVerifiedAt: 1, isLocalSignUp: false }, " grace@example.com ,ADA@Example.com", true],
  [{ emailVerifiedAt: 1, isLocalSignUp: false }, "notada@example.com", false],
])("%o with ADMIN_EMAILS %j: %s", (facts, adminEmails, expected) => {
  expect(
    isNamedAdmin({ email, ...facts }, settingsOf({ ADMIN_EMAILS: adminEmails }).adminEmails),
  ).toBe(expected);
});
