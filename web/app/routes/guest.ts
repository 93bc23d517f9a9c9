import { redirect, redirectDocument } from "react-router";
import { turnstileTokenOf } from "../features/auth/auth-action.server.ts";
import { readError } from "../lib/error-text.ts";
import { nextPath, withNext } from "../lib/next-path.ts";
import { apiContext } from "../lib/request-context.server.ts";
import type { Route } from "./+types/guest.ts";

/** The reasons for which the login page has a sentence. */
const knownReasons = new Set(["FORBIDDEN", "INVALID", "RATE_LIMITED", "UPSTREAM_FAILED"]);

/** Starts a guest session with one click. On failure, the login page shows the reason. */
export async function action({ request, context, url }: Route.ActionArgs) {
  const next = nextPath(url.searchParams.get("next"));
  const form = await request.formData();
  try {
    const { auth } = context.get(apiContext).client;
    const turnstileToken = turnstileTokenOf(form);
    if (turnstileToken === null) await auth.startGuest.mutate();
    else await auth.startCheckedGuest.mutate({ turnstileToken });
  } catch (error) {
    const { errorCode } = readError(error);
    const reason = errorCode !== null && knownReasons.has(errorCode) ? errorCode : "OTHER";
    const login = withNext("/login", next);
    return redirect(`${login}${login.includes("?") ? "&" : "?"}guest=${reason}`);
  }
  return redirectDocument(next);
}

/** For a direct visit, or a reload after the form. */
export function loader() {
  return redirect("/");
}

/** Renders nothing, but makes this a page: without it, errors would be responses of bare JSON. */
export default function StartGuest() {
  return null;
}
