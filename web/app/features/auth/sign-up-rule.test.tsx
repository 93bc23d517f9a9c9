import { renderToString } from "react-dom/server";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import { AuthPage } from "./auth-page.tsx";
import { inviteTokenOf } from "./invite-token.ts";

function pageWith(
  kind: "logIn" | "signUp",
  signUp: { mode: "open" | "domains" | "off"; domains: string[]; isByInvite?: boolean } | null,
  invite: string | null = null,
): string {
  const props = { kind, signUp, invite, next: "/", failure: undefined, isGuest: false } as const;
  const page = <AuthPage {...props} turnstile={null} canStartGuest={false} guestProblem={null} />;
  const router = createMemoryRouter([{ path: "/", element: page }]);
  return renderToString(<RouterProvider router={router} />);
}

test("with sign-up off there is no form for it, and the login page does not lead to it", () => {
  const off = { mode: "off" as const, domains: [] };
  const page = pageWith("signUp", off);
  expect(page).toContain("Sign-up is turned off");
  expect(page).toContain('href="/login"');
  expect(page).not.toContain("<form");
  expect(pageWith("logIn", off)).not.toContain("/signup");
  expect(pageWith("logIn", null)).toContain("/signup");
});

test("the sign-up page names the domains that may sign up, if they are few", () => {
  const named = pageWith("signUp", { mode: "domains", domains: ["a.example", "b.example"] });
  expect(named).toContain("Use an address that ends in @a.example or @b.example.");
  const many = ["a", "b", "c", "d", "e", "f"].map((name) => `${name}.example`);
  expect(pageWith("signUp", { mode: "domains", domains: many })).toContain(
    "Use your work address.",
  );
  expect(pageWith("signUp", null)).not.toMatch(/ends in|work address/);
});

test("by invitation, the form has the token of the link, or a field for it that needs no script", () => {
  const byInvite = { mode: "off" as const, domains: [], isByInvite: true };
  const without = pageWith("signUp", byInvite);
  expect(without).toContain("Create your account");
  expect(without).toMatch(/Invitation link<\/label><input[^>]* name="invite"/);
  const page = pageWith("signUp", byInvite, 'a.b"&c');
  expect(page).toContain('type="hidden" name="invite" value="a.b&quot;&amp;c"');
  expect(page).not.toContain("Invitation link");
  // No address that a server logs gets it.
  expect(page).toContain('action="/signup"');
  expect(page).not.toContain("work address");
  expect(pageWith("logIn", byInvite)).not.toContain("/signup");
  // Where none is needed, a link is one to the usual page.
  expect(pageWith("signUp", null, "a.b")).not.toContain("a.b");
  expect(pageWith("signUp", { mode: "off", domains: [] }, "a.b")).toContain("turned off");
});

test("an invitation's token is found in what people paste", () => {
  const link = "https://chat.example/signup#invite=id.secret-_";
  const older = "https://chat.example/signup?invite=id.secret-_&next=%2Fx";
  for (const pasted of [link, ` ${link}\n`, older, "invite=id.secret-_", " id.secret-_ "]) {
    expect(inviteTokenOf(pasted), pasted).toBe("id.secret-_");
  }
  expect(inviteTokenOf("")).toBe("");
  expect(inviteTokenOf(`invite=${"a".repeat(900)}`)).toHaveLength(200);
});
