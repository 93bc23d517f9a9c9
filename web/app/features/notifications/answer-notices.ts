/**
 * Notices about answers that end while the page is hidden: a mark in the window's title and, by
 * choice, a notification. Loaded when a page is hidden for the first time.
 */
import { api } from "../../lib/trpc.ts";
import { applyNews, openHiddenNews } from "../chat/session/chat-news.ts";
import { generatingChats } from "../chats/news/generating-chats.ts";
import { closeNotices, showNotice, showsNotices } from "./notify.ts";
import { markTitle, unmarkTitle } from "./title-mark.ts";
import { type EndedAnswer, HiddenWatch } from "./watch-hidden.ts";

/** What tabs of one browser tell each other about an answer. */
interface TabMessage {
  /**
   * `noticed`: this tab has taken care of it. `marked`: this tab has marked its title. `seen`: the
   * user looks at the chat.
   */
  readonly type: "noticed" | "marked" | "seen";
  readonly chatId: string;
}

/** The page that answers are noticed for. */
interface WatchedPage {
  /** The id of the chat on the page; null for another page. */
  readonly shownChatId: () => string | null;
  /** The chats with a live answer when the page was hidden. */
  readonly hiddenWith: readonly string[];
}

/**
 * Notices answers from now on.
 *
 * @param userId whose chats the page shows
 * @returns a function that stops
 */
export function watchAnswers(userId: string, { shownChatId, hiddenWith }: WatchedPage): () => void {
  const name = `alleato:answers:${userId}`;
  const channel = new BroadcastChannel(name);
  let watch: HiddenWatch | null = null;
  let isStopped = false;
  const tell = (message: TabMessage) => channel.postMessage(message);

  const mark = (chatId: string) => {
    if (isStopped) return;
    markTitle(chatId);
    tell({ type: "marked", chatId });
  };
  const onEnded = (answer: EndedAnswer) => {
    tell({ type: "noticed", chatId: answer.chatId });
    void noticeAnswer(answer, mark);
  };
  // Without the Web Locks API (over HTTP) each hidden tab holds a connection.
  const inTurn = (signal: AbortSignal, hold: () => Promise<void>) =>
    navigator.locks ? navigator.locks.request(name, { signal }, hold) : hold();
  const onHidden = (chatIds: readonly string[]) => {
    const generating = generatingChats.store;
    const options = { open: openHiddenNews, onNews: applyNews, onEnded, generating, inTurn };
    watch = new HiddenWatch(options, chatIds);
  };
  const onVisibilityChange = () => {
    watch?.stop();
    watch = null;
    if (document.visibilityState === "hidden") return onHidden([]);
    unmarkTitle();
    const chatId = shownChatId();
    if (chatId === null) return;
    tell({ type: "seen", chatId });
    void closeNotices(chatId);
  };
  channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => {
    const { type, chatId } = data;
    if (type === "seen") unmarkTitle(chatId);
    if (!watch) return;
    if (type === "marked" && shownChatId() === chatId) markTitle(chatId);
    if (type !== "noticed") return;
    // This tab gets no news of its own, and would follow the answer again.
    generatingChats.end(chatId, null);
    watch.forget(chatId);
  });
  document.addEventListener("visibilitychange", onVisibilityChange);
  if (document.visibilityState === "hidden") onHidden(hiddenWith);
  return () => {
    isStopped = true;
    document.removeEventListener("visibilitychange", onVisibilityChange);
    watch?.stop();
    channel.close();
  };
}

/** Marks the title, and shows a notification if the user wants one. */
async function noticeAnswer(
  { chatId, status }: EndedAnswer,
  mark: (chatId: string) => void,
): Promise<void> {
  if (status === "stopped") return;
  if (status !== null) {
    mark(chatId);
    if (!showsNotices()) return;
  }
  const notice = await api.notifications.notice.query({ chatId }).catch(() => null);
  // Asking takes a moment, in which the user may have come back.
  if (!notice || notice.status === "stopped" || document.visibilityState === "visible") return;
  if (status === null) mark(chatId);
  await showNotice(chatId, notice).catch(() => undefined);
}
