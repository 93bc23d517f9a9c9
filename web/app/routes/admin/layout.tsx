import { Outlet } from "react-router";
import { ViewerScope } from "../../features/account/viewer-scope.tsx";
import { AdminFrame } from "../../features/admin/frame/admin-frame.tsx";
import { requireAdmin } from "../../lib/api.server.ts";
import { readReader } from "../../lib/reader.server.ts";
import { readTheme } from "../../lib/theme.ts";
import type { Route } from "./+types/layout.ts";

export async function loader({ request, context }: Route.LoaderArgs) {
  const viewer = await requireAdmin(context);
  return {
    viewer,
    theme: readTheme(request.headers.get("cookie")),
    reader: readReader(request, context),
  };
}

/** Navigation between the pages does not load it again. */
export function shouldRevalidate() {
  return false;
}

export default function AdminLayout({ loaderData }: Route.ComponentProps) {
  const { viewer, theme } = loaderData;
  return (
    <ViewerScope viewer={viewer}>
      <AdminFrame viewer={viewer} initialTheme={theme}>
        <Outlet />
      </AdminFrame>
    </ViewerScope>
  );
}
