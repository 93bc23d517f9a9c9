import { useRouteLoaderData } from "react-router";
import type { loader } from "./layout.tsx";

/**
 * The data loaded by the layout of administration.
 *
 * @throws outside of it
 */
export function useAdmin() {
  const layout = useRouteLoaderData<typeof loader>("routes/admin/layout");
  if (!layout) throw new Error("This page is not one of administration.");
  return layout;
}
