import type { LoaderFunctionArgs, RouterContextProvider } from "react-router";
import { nextPath } from "../../lib/next-path.ts";
import { apiContext, widgetOriginContext } from "../../lib/request-context.server.ts";

const guestProblems: Readonly<Record<string, string>> = {
  FORBIDDEN: "Guest access is turned off. Sign up or log in.",
  INVALID: "Complete the check that you’re human, then try again.",
  UPSTREAM_FAILED: "We couldn’t check that you’re human. Try again in a moment.",
  RATE_LIMITED:
    "Too many guest sessions were started from your network. Wait a minute, then try again.",
  OTHER: "We couldn’t start a guest session. Try again.",
};

/** Loads the data of the login and sign-up pages. */
export async function loadAuthPage({
  url,
  context,
}: LoaderFunctionArgs<Readonly<RouterContextProvider>>) {
  const { client, viewer } = context.get(apiContext);
  const reason = url.searchParams.get("guest");
  // When this request fails, show the page without the guest button rather than an error.
  const {
    canStartGuest,
    turnstile = null,
    signUp = null,
  } = await client.auth.options
    .query()
    .catch(() => ({ canStartGuest: false, turnstile: undefined, signUp: undefined }));
  if (turnstile && URL.canParse(turnstile.url))
    context.set(widgetOriginContext, new URL(turnstile.url).origin);
  return {
    turnstile,
    signUp,
    invite: url.searchParams.get("invite"),
    next: nextPath(url.searchParams.get("next")),
    isGuest: (await viewer)?.isGuest ?? false,
    canStartGuest,
    guestProblem: reason === null ? null : (guestProblems[reason] ?? null),
  };
}
