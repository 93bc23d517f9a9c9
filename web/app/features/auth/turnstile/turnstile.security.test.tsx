import { renderToString } from "react-dom/server";
import { createMemoryRouter, RouterContextProvider, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import { documentMiddleware } from "../../../lib/document-middleware.server.ts";
import { createLoadContext, widgetOriginContext } from "../../../lib/request-context.server.ts";
import { turnstileTokenOf } from "../auth-action.server.ts";
import { AuthPage } from "../auth-page.tsx";
import type { HumanCheckOptions } from "./human-check.tsx";

const url = "https://challenges.cloudflare.com";
const on = { siteKey: "1x00000000000000000000AA", url };

function pageWith(kind: "logIn" | "signUp", turnstile: HumanCheckOptions | null, guests = true) {
  const page = (
    <AuthPage
      {...{ kind, turnstile, next: "/", failure: undefined, isGuest: false }}
      canStartGuest={guests}
      guestProblem={null}
      signUp={null}
      invite={null}
    />
  );
  const router = createMemoryRouter([{ path: "/", element: page }]);
  return renderToString(<RouterProvider router={router} />);
}

async function policyWith(widgetOrigin: string | null): Promise<string> {
  const context = createLoadContext({
    api: { fetch: async () => new Response() },
    timeZone: undefined,
  });
  expect(context).toBeInstanceOf(RouterContextProvider);
  const request = new Request("https://chat.example/login");
  const args = { request, url: new URL(request.url), pattern: "login", context, params: {} };
  const response = await documentMiddleware(args, async () => {
    if (widgetOrigin !== null) context.set(widgetOriginContext, widgetOrigin);
    return new Response("page");
  });
  const policy = (response as Response).headers.get("content-security-policy") ?? "";
  return policy.replace(/nonce-[^']+/, "nonce-x").replace(" ws:", "");
}

test("without the keys nothing of the check is on a page", () => {
  for (const kind of ["logIn", "signUp"] as const) {
    expect(pageWith(kind, null)).not.toMatch(/human|turnstile|noscript/i);
  }
});

test("with the keys the check is where a guest or an account begins, and says that it needs JavaScript", () => {
  for (const html of [
    pageWith("logIn", on),
    pageWith("signUp", on),
    pageWith("signUp", on, false),
  ]) {
    expect(html).toContain('aria-label="Check that you’re human"');
    expect(html).toMatch(/<noscript>.*Turn on JavaScript to continue/s);
  }
  // Logging in alone needs none.
  expect(pageWith("logIn", on, false)).not.toContain("human");
});

test("the policy of a page allows the widget only where it is", async () => {
  const usual =
    "default-src 'self'; script-src 'self' 'nonce-x'; style-src 'self' 'unsafe-inline'; " +
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; " +
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  expect(await policyWith(null)).toBe(usual);
  expect(await policyWith(url)).toBe(
    usual.replace("'nonce-x';", `'nonce-x' ${url}; frame-src ${url};`),
  );
});

test("a form without a token sends none", () => {
  const form = new FormData();
  expect(turnstileTokenOf(form)).toBeNull();
  form.set("turnstileToken", "");
  expect(turnstileTokenOf(form)).toBeNull();
  form.set("turnstileToken", "good");
  expect(turnstileTokenOf(form)).toBe("good");
});
