import { redirect, redirectDocument } from "react-router";
import { apiContext } from "../lib/request-context.server.ts";
import type { Route } from "./+types/logout.ts";

/**
 * Ends the session. A new document follows, so that nothing of the user stays in memory, and the
 * browser deletes the user's drafts.
 */
export async function action({ context }: Route.ActionArgs) {
  await context.get(apiContext).client.auth.logOut.mutate();
  return redirectDocument("/login", { headers: { "Clear-Site-Data": '"storage"' } });
}

/** For a direct visit, or a reload after the form. */
export function loader() {
  return redirect("/");
}
