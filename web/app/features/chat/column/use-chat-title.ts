import { useEffect } from "react";
import { trpc } from "../../../lib/trpc.ts";

/** Shows a chat's title as the window's title. A new chat gets its title during its first answer. */
export function useChatTitle(chatId: string, isSaved: boolean): string | undefined {
  const chat = trpc.chats.get.useQuery({ chatId }, { enabled: isSaved });
  const title = chat.data?.title;
  useEffect(() => {
    if (title) document.title = `${title} · Alleato Chat`;
  }, [title]);
  return title;
}
