import { expect, test } from "vitest";
import { inviteLink, inviteState } from "./invite-state.ts";

const invite = {
  ...{ id: "i", email: null, maxUses: 2, uses: 1, createdAt: 1, expiresAt: 10, revokedAt: null },
  createdBy: { id: "u", email: null, name: null },
};

test.each([
  [{}, 9, "good"],
  [{}, 10, "expired"],
  [{ uses: 2 }, 11, "used-up"],
  [{ uses: 2, revokedAt: 5 }, 11, "revoked"],
])("an invitation with %o is at %i %s", (change, nowMs, state) => {
  expect(inviteState({ ...invite, ...change }, nowMs)).toBe(state);
});

test("a link leads to the sign-up page with its token, behind the #", () => {
  expect(inviteLink("https://chat.example", "id.secret-_")).toBe(
    "https://chat.example/signup#invite=id.secret-_",
  );
});
