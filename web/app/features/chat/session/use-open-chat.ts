import { useEffect, useState } from "react";
import { trpc } from "../../../lib/trpc.ts";
import type { ModelChoice } from "../../models/use-model.ts";
import { unsentMessages } from "../unsent/unsent-messages.ts";
import { chatEvents } from "./chat-events.ts";
import type { ChatSession } from "./chat-session.ts";
import { chatSession, holdSession } from "./chat-sessions.ts";
import { messagesApi } from "./messages-api.ts";
import { type SessionView, useRefresh, useSession } from "./use-session.ts";

/** How often to check for an answer that the page has lost, in ms. */
const lookForLostEveryMs = 10_000;

/** A chat that its owner has open. */
export interface OpenChat extends SessionView {
  readonly chatId: string;
  /** Whether this is the page of a chat that does not exist yet. */
  readonly isNew: boolean;
  readonly session: ChatSession;
  /** The model for the messages that are sent from here: by the composer, or beside it. */
  readonly modelChoice: ModelChoice;
}

/** Opens a chat, follows it, and keeps its session until the view unmounts. */
export function useOpenChat(chatId: string, isNew: boolean): OpenChat {
  const utils = trpc.useUtils();
  const [session] = useState(() =>
    chatSession({
      chatId,
      newestPage: isNew
        ? null
        : (utils.messages.list.getInfiniteData({ chatId })?.pages[0] ?? null),
      port: messagesApi,
      events: chatEvents,
      unsent: unsentMessages(chatId),
    }),
  );
  useEffect(() => holdSession(session), [session]);
  const view = useSession(session);
  useRefresh(session, view.state.isLost ? lookForLostEveryMs : null);
  const [chosenId, choose] = useState<string>();
  return { chatId, isNew, session, modelChoice: { chosenId, choose }, ...view };
}
