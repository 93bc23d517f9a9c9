import type { ViewerOutput } from "api-worker/contracts/auth";
import { useRouteLoaderData } from "react-router";

/** Who is logged in, as the app shell knows it. @throws outside of the shell */
export function useViewer(): ViewerOutput {
  const shell = useRouteLoaderData<{ viewer: ViewerOutput }>("routes/app-shell");
  if (!shell) throw new Error("This stands outside of the app shell.");
  return shell.viewer;
}
