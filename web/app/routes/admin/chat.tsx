import { HydrationBoundary } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { InspectPage } from "../../features/admin/chats/inspect/inspect-page.tsx";
import { queryHelpers, requireAdmin } from "../../lib/api.server.ts";
import { failPage } from "../../lib/fail-page.server.ts";
import { toPageError } from "../../lib/page-error.ts";
import { getQueryUtils } from "../../lib/trpc.ts";
import type { Route } from "./+types/chat.ts";
import { useAdmin } from "./use-admin.ts";

/** The message that the list begins with, which the address may name. */
function fromOf(search: URLSearchParams): { from?: string } {
  const from = search.get("message");
  return from ? { from: from.slice(0, 200) } : {};
}

/** Runs for a document. The address names the entry of the audit log that allows to read the chat. */
export async function loader({ context, url, params: { accessId } }: Route.LoaderArgs) {
  await requireAdmin(context);
  const helpers = queryHelpers(context);
  try {
    // In one request. Only the first throws.
    await Promise.all([
      helpers.admin.chats.inspect.fetch({ accessId }),
      helpers.admin.chats.messages.prefetchInfinite({ accessId, ...fromOf(url.searchParams) }),
    ]);
  } catch (error) {
    failPage(error, { context, url });
  }
  return { dehydratedState: helpers.dehydrate() };
}

export async function clientLoader({ params: { accessId } }: Route.ClientLoaderArgs) {
  try {
    await getQueryUtils().admin.chats.inspect.fetch({ accessId }, { staleTime: 0 });
  } catch (error) {
    throw toPageError(error);
  }
  return { dehydratedState: undefined };
}

export function meta() {
  return [{ title: "Chat · Administration · Alleato Chat" }];
}

export default function AdminChatRoute({ loaderData, params }: Route.ComponentProps) {
  const { reader } = useAdmin();
  const [search] = useSearchParams();
  return (
    <HydrationBoundary state={loaderData.dehydratedState}>
      <InspectPage
        key={params.accessId}
        accessId={params.accessId}
        from={fromOf(search).from ?? null}
        initialReader={reader}
      />
    </HydrationBoundary>
  );
}
