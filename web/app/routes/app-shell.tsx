import { Outlet } from "react-router";
import { UserBar } from "../features/account/user-bar.tsx";
import { ViewerScope } from "../features/account/viewer-scope.tsx";
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
import { readReader } from "../lib/reader.server.ts";
import { readTheme } from "../lib/theme.ts";
import { AppFrame } from "../ui/app-frame.tsx";
import type { Route } from "./+types/app-shell.ts";

export async function loader({ request, context, url }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  // Prefetches do not throw: a list that fails to load shows the failure in its place, and the rest
  // works.
  const [viewer] = await Promise.all([
    requireViewer({ context, url }),
    helpers.chats.list.prefetchInfinite(chatListInput),
    helpers.chats.list.prefetchInfinite(pinnedListInput),
    helpers.models.list.prefetch(),
  ]);
  const cookies = request.headers.get("cookie");
  return {
    viewer,
    theme: readTheme(cookies),
    panelShare: readPanelShare(cookies),
    reader: readReader(request, context),
    dehydratedState: helpers.dehydrate(),
  };
}

/** From here on React Query holds the list; navigation does not load it again. */
export function shouldRevalidate() {
  return false;
}

export default function AppShell({ loaderData }: Route.ComponentProps) {
  const { viewer, theme, reader, dehydratedState } = loaderData;
  useChatNews();
  useAnswerNotices(viewer.id);
  return (
    <ViewerScope viewer={viewer} dehydratedState={dehydratedState}>
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
    </ViewerScope>
  );
}
