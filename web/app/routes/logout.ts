import { redirect, redirectDocument } from "react-router";
import { failPage } from "../lib/fail-page.server.ts";
import { apiContext } from "../lib/request-context.server.ts";
import type { Route } from "./+types/logout.ts";

/**
 * Ends the session. A new document follows, so that nothing of the user stays in memory, and the
 * browser deletes the user's drafts and the files that it has cached.
 */
export async function action({ request, context, url }: Route.ActionArgs) {
  const { client, viewer: asked } = context.get(apiContext);
  const viewer = await asked;
  // A form without fields may have no body at all.
  const shownId = (await request.formData().catch(() => null))?.get("viewer");
  // A page of another user must not end the session, and the drafts, of the one who is logged in.
  if (viewer && typeof shownId === "string" && shownId !== viewer.id) return redirectDocument("/");
  await client.auth.logOut.mutate().catch((error: unknown) => failPage(error, { context, url }));
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
