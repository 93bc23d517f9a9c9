import { useRouteLoaderData } from "react-router";
import type { loader } from "./app-shell.tsx";

/**
 * The data loaded by the app shell.
 *
 * @throws outside the app shell
 */
export function useShell() {
  const shell = useRouteLoaderData<typeof loader>("routes/app-shell");
  if (!shell) throw new Error("This page is not inside the app shell.");
  return shell;
}
