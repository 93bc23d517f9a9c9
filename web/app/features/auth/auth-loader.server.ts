import type { LoaderFunctionArgs, RouterContextProvider } from "react-router";
import { nextPath } from "../../lib/next-path.ts";
import { apiContext } from "../../lib/request-context.server.ts";

const guestProblems: Readonly<Record<string, string>> = {
  FORBIDDEN: "Guest access is turned off. Sign up or log in.",
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
  return {
    next: nextPath(url.searchParams.get("next")),
    isGuest: viewer?.isGuest ?? false,
    // When this request fails, show the page without the guest button rather than an error.
    canStartGuest: await client.auth.options.query().then(
      (options) => options.canStartGuest,
      () => false,
    ),
    guestProblem: reason === null ? null : (guestProblems[reason] ?? null),
  };
}
