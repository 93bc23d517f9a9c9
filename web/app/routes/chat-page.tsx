import { HydrationBoundary } from "@tanstack/react-query";
import { Outlet, useParams, useRouteError, useRouteLoaderData } from "react-router";
import { ChatView } from "../features/chat/chat-view.tsx";
import { ErrorPage } from "../ui/error-page.tsx";
import type { loader } from "./chat.tsx";

/**
 * The page of a new chat and that of a chat with an address. Both are shown here, so that a new chat
 * keeps its view, with focus, caret and all, when it gets its address.
 */
export default function ChatPage() {
  const { chatId = null } = useParams();
  const loaded = useRouteLoaderData<typeof loader>("routes/chat");
  // Its route shows why the chat could not be loaded.
  if (chatId !== null && loaded === undefined) return <Outlet />;
  return (
    <HydrationBoundary state={loaded?.dehydratedState}>
      <ChatView chatId={chatId} />
    </HydrationBoundary>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} requestId={null} />;
}
