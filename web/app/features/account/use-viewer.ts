import type { ViewerOutput } from "api-worker/contracts/auth";
import { useRouteLoaderData } from "react-router";

/**
 * The logged-in viewer, as loaded by the app shell.
 *
 * @throws outside the app shell
 */
export function useViewer(): ViewerOutput {
  const shell = useRouteLoaderData<{ viewer: ViewerOutput }>("routes/app-shell");
  if (!shell) throw new Error("This stands outside of the app shell.");
  return shell.viewer;
}
