import type { MessageListOutput } from "api-worker/contracts";
import { useCallback, useState } from "react";
import { Form, Link, useNavigation } from "react-router";
import { v7 as uuidv7 } from "uuid";
import { withNext } from "../../lib/next-path.ts";
import { Alert } from "../../ui/alert.tsx";
import { Button } from "../../ui/button.tsx";
import { linkLooks } from "../../ui/link-looks.ts";
import { Logo } from "../../ui/logo.tsx";
import { ChatSession } from "../chat/session/chat-session.ts";
import type { ChatEvents } from "../chat/session/chat-state.ts";
import { messagesApi } from "../chat/session/messages-api.ts";
import { usePrint } from "../chat/session/use-print.ts";
import { useRefresh, useSession } from "../chat/session/use-session.ts";
import { MessageList } from "../messages/list/message-list.tsx";
import { SharedDocuments } from "./documents/shared-documents.tsx";

/** How often the page checks for new messages and whether the chat is still public, in ms. */
const lookEveryMs = 15_000;

interface SharedChatProps {
  readonly chatId: string;
  readonly title: string;
  readonly page: MessageListOutput;
  /** "own": the viewer owns the chat. "account" and "guest" can make a copy. */
  readonly reader: "anonymous" | "own" | "guest" | "account";
  /** Why a copy could not be made. */
  readonly problem: string | null;
}

const noVotes = new Map();
const noVersions = new Map();
const ignore = () => undefined;

/** A public chat, read-only, with a button to continue in a copy. */
export function PublicChat({ chatId, title, page, reader, problem }: SharedChatProps) {
  const [isGone, setGone] = useState(false);
  const [session] = useState(
    () =>
      new ChatSession({ chatId, newestPage: page, port: messagesApi, events: eventsOf(setGone) }),
  );
  const { state, messages, isUnderWay } = useSession(session);
  useRefresh(session, lookEveryMs);
  const printing = usePrint(session, state.hasOlder);
  const forgetOlder = useCallback((kept: number) => session.history.forgetOlder(kept), [session]);

  return (
    <div className="flex h-dvh flex-col print:block print:h-auto">
      <header className="flex min-h-14 shrink-0 items-center gap-4 border-b border-line px-4 sm:px-6 print:hidden">
        <Link to="/" aria-label="Alleato Chat" className="shrink-0 rounded-lg">
          <Logo className="size-7" />
        </Link>
        <h1 dir="auto" className="min-w-0 flex-1 truncate text-center font-medium">
          {title}
        </h1>
        <span className="shrink-0 rounded-full bg-hover px-2.5 py-0.5 text-sm text-muted max-sm:sr-only">
          Read only
        </span>
      </header>
      <main className="flex min-h-0 flex-1 flex-col print:block">
        {isGone || state.isDeleted ? (
          <Gone />
        ) : (
          <SharedDocuments chatId={chatId} messages={messages}>
            <p dir="auto" className="hidden pb-4 text-2xl font-semibold print:block">
              {title}
            </p>
            <MessageList
              messages={messages}
              versions={noVersions}
              votes={noVotes}
              editedId={null}
              target={null}
              isAnswering={isUnderWay && !state.isLost}
              isReconnecting={state.isReconnecting}
              isLost={state.isLost}
              hasOlder={state.hasOlder}
              isLoadingOlder={state.isLoadingOlder}
              sentCount={0}
              printing={printing}
              onLoadOlder={() => void session.history.loadOlder()}
              onForgetOlder={forgetOlder}
              onReconnect={() => session.refresh()}
              onContinue={null}
              onRegenerate={null}
            />
            <footer className="print:hidden border-t border-line px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
              <div className="mx-auto w-full max-w-3xl empty:hidden">
                <Alert>{problem ?? state.problem}</Alert>
              </div>
              <NextStep chatId={chatId} reader={reader} />
            </footer>
          </SharedDocuments>
        )}
      </main>
    </div>
  );
}

/** When the chat is no longer public, its readers are not sent to the login page. */
function eventsOf(setGone: (isGone: boolean) => void): ChatEvents {
  return {
    onTurnStarted: ignore,
    onTurnEnded: ignore,
    onTitle: ignore,
    onLoggedOut: () => setGone(true),
  };
}

function NextStep({ chatId, reader }: Pick<SharedChatProps, "chatId" | "reader">) {
  const isPending = useNavigation().state !== "idle";
  // Stays the same while the page is open, so that pressing twice makes one copy.
  const [newChatId] = useState(() => uuidv7());
  const row = "mx-auto flex w-full max-w-3xl flex-wrap items-center justify-center gap-x-4 gap-y-2";
  if (reader === "own") {
    return (
      <div className={row}>
        <p className="text-muted">This is how others see your chat.</p>
        <Link to={`/chat/${chatId}`} className={linkLooks.primary}>
          Open chat
        </Link>
      </div>
    );
  }
  if (reader === "anonymous") {
    return (
      <div className={row}>
        <p className="text-muted">Continue this chat in your own copy.</p>
        <Link to={withNext("/login", `/share/${chatId}`)} className={linkLooks.primary}>
          Log in to continue
        </Link>
      </div>
    );
  }
  return (
    <Form method="post" className={row}>
      <p className="text-muted">Continue this chat in your own copy.</p>
      <input type="hidden" name="newChatId" value={newChatId} suppressHydrationWarning />
      <Button type="submit" look="primary" isPending={isPending}>
        Continue in a copy
      </Button>
    </Form>
  );
}

function Gone() {
  return (
    <div role="status" className="grid flex-1 place-items-center px-5 py-16 text-center">
      <div className="max-w-md">
        <p className="text-2xl font-semibold tracking-tight">This chat is no longer shared</p>
        <p className="mt-2 text-muted">Its owner made it private or deleted it.</p>
      </div>
    </div>
  );
}
