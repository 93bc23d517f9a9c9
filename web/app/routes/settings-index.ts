import { redirect } from "react-router";

/** The first of the settings' pages. */
export function loader() {
  return redirect("/settings/usage");
}
