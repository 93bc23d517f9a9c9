import { redirect, redirectDocument } from "react-router";
import { readError } from "../lib/error-text.ts";
import { nextPath, withNext } from "../lib/next-path.ts";
import { apiContext } from "../lib/request-context.server.ts";
import type { Route } from "./+types/guest.ts";

/** Starts a guest session with one click. On failure, the login page shows the reason. */
export async function action({ context, url }: Route.ActionArgs) {
  const next = nextPath(url.searchParams.get("next"));
  try {
    await context.get(apiContext).client.auth.startGuest.mutate();
  } catch (error) {
    const { errorCode } = readError(error);
    const reason = errorCode === "FORBIDDEN" || errorCode === "RATE_LIMITED" ? errorCode : "OTHER";
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
