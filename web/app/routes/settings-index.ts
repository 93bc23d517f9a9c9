import { redirect } from "react-router";

/** Redirects to the first settings page. */
export function loader() {
  return redirect("/settings/usage");
}
