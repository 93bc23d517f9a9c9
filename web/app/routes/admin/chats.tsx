import { HydrationBoundary } from "@tanstack/react-query";
import { readChatFilter } from "../../features/admin/chats/chat-filter.ts";
import { ChatsPage } from "../../features/admin/chats/chats-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import type { Route } from "./+types/chats.ts";
import { useAdmin } from "./use-admin.ts";

/** Runs for a document. Within the app the page fetches by itself. */
export async function loader({ context, url }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  await helpers.admin.chats.list.prefetchInfinite(readChatFilter(url.searchParams));
  return { dehydratedState: helpers.dehydrate() };
}

export function clientLoader() {
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Chats · Administration · Alleato Chat" }];
}

export default function AdminChatsRoute({ loaderData }: Route.ComponentProps) {
  const { reader } = useAdmin();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <ChatsPage initialReader={reader} />
    </HydrationBoundary>
  );
}
