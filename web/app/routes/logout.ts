import { redirect, redirectDocument } from "react-router";
import { failPage } from "../lib/fail-page.server.ts";
import { apiContext } from "../lib/request-context.server.ts";
import type { Route } from "./+types/logout.ts";

/**
 * Ends the session. A new document follows, so that nothing of the user stays in memory, and the
 * browser deletes the user's drafts and the files that it has cached.
 */
export async function action({ context, url }: Route.ActionArgs) {
  await context
    .get(apiContext)
    .client.auth.logOut.mutate()
    .catch((error: unknown) => failPage(error, { context, url }));
  return redirectDocument("/login", { headers: { "Clear-Site-Data": '"storage", "cache"' } });
}

/** For a direct visit, or a reload after the form. */
export function loader() {
  return redirect("/");
}

/** Renders nothing, but makes this a page: without it, errors would be responses of bare JSON. */
export default function LogOut() {
  return null;
}
