import { HydrationBoundary, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { Outlet } from "react-router";
import { OtherViewerNotice } from "../features/account/other-viewer-notice.tsx";
import { UserBar } from "../features/account/user-bar.tsx";
import { readPanelShare } from "../features/chat/layout/panel-share.ts";
import { useChatNews } from "../features/chat/session/chat-news.ts";
import { ChatList } from "../features/chats/chat-list.tsx";
import { chatListInput, pinnedListInput } from "../features/chats/chat-list-query.ts";
import { UndoNotice } from "../features/chats/deletion/undo-notice.tsx";
import { NewChatButton } from "../features/chats/new-chat-button.tsx";
import { DocumentsLink } from "../features/documents/documents-link.tsx";
import { useAnswerNotices } from "../features/notifications/use-answer-notices.ts";
import { SearchButton } from "../features/search/search-button.tsx";
import { queryHelpers, requireViewer } from "../lib/api.server.ts";
import { openStorage } from "../lib/local-storage.ts";
import { platformContext } from "../lib/request-context.server.ts";
import { followSession } from "../lib/session-change.ts";
import { showViewer } from "../lib/shown-viewer.ts";
import { readTheme } from "../lib/theme.ts";
import { readTimeZone } from "../lib/time-zone.ts";
import { api, getQueryClient, trpc } from "../lib/trpc.ts";
import { AppFrame } from "../ui/app-frame.tsx";
import type { Route } from "./+types/app-shell.ts";

export async function loader({ request, context }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  // Prefetches do not throw: a list that fails to load shows the failure in its place, and the rest
  // works.
  await Promise.all([
    helpers.chats.list.prefetchInfinite(chatListInput),
    helpers.chats.list.prefetchInfinite(pinnedListInput),
    helpers.models.list.prefetch(),
  ]);
  const cookies = request.headers.get("cookie");
  return {
    viewer: requireViewer(context),
    theme: readTheme(cookies),
    panelShare: readPanelShare(cookies),
    reader: {
      nowMs: Date.now(),
      timeZone: readTimeZone(cookies, context.get(platformContext).timeZone),
    },
    dehydratedState: helpers.dehydrate(),
  };
}

/** From here on React Query holds the list; navigation does not load it again. */
export function shouldRevalidate() {
  return false;
}

export default function AppShell({ loaderData }: Route.ComponentProps) {
  const { viewer, theme, reader, dehydratedState } = loaderData;
  const [queryClient] = useState(getQueryClient);
  // In the first render, because components below read drafts in their first effects.
  useState(() => {
    if (typeof document === "undefined") return;
    showViewer(viewer);
    followSession(viewer);
    openStorage(viewer);
  });
  useChatNews();
  useAnswerNotices(viewer.id);
  return (
    <trpc.Provider client={api} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <HydrationBoundary state={dehydratedState}>
          <AppFrame
            barAction={<NewChatButton isCompact />}
            sidebar={
              <>
                <div className="flex gap-2 px-3 pb-2">
                  <NewChatButton />
                  <SearchButton />
                </div>
                <DocumentsLink />
                <ChatList initialReader={reader} />
                <UserBar viewer={viewer} initialTheme={theme} />
              </>
            }
          >
            <Outlet />
          </AppFrame>
          <UndoNotice />
          <OtherViewerNotice shown={viewer} />
        </HydrationBoundary>
      </QueryClientProvider>
    </trpc.Provider>
  );
}
