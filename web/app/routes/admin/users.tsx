import { HydrationBoundary } from "@tanstack/react-query";
import { readUserList } from "../../features/admin/users/user-list.ts";
import { UsersPage } from "../../features/admin/users/users-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/users.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await helpers.admin.users.list.prefetchInfinite(readUserList(url.searchParams));
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Users · Administration · Alleato Chat" }];
}

export default function AdminUsersRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <UsersPage initialReader={reader} />
    </HydrationBoundary>
  );
}
