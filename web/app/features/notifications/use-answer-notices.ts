import { useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { generatingChats } from "../chats/news/generating-chats.ts";
import { readChoice } from "./choice.ts";

const chatPath = /^\/chat\/([^/]+)$/;

/**
 * Tells the user about answers that end while the page is hidden, and opens a chat whose
 * notification was clicked.
 */
export function useAnswerNotices(userId: string): void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const shownRef = useRef<string | null>(null);
  useEffect(() => {
    shownRef.current = chatPath.exec(pathname)?.[1] ?? null;
  }, [pathname]);

  useEffect(() => {
    const tab = new AbortController();
    let stop: (() => void) | undefined;
    const onHidden = async () => {
      if (document.visibilityState !== "hidden") return;
      // Now, because an answer may end while the code below is loaded.
      const hiddenWith = [...generatingChats.store.value.keys()];
      document.removeEventListener("visibilitychange", onHidden);
      try {
        const { watchAnswers } = await import("./answer-notices.ts");
        if (tab.signal.aborted) return;
        stop = watchAnswers(userId, { shownChatId: () => shownRef.current, hiddenWith });
      } catch {
        // Offline, or a new version was deployed. The next time it may work.
        const { signal } = tab;
        document.addEventListener("visibilitychange", onHidden, { signal });
      }
    };
    document.addEventListener("visibilitychange", onHidden, { signal: tab.signal });
    return () => {
      tab.abort();
      stop?.();
    };
  }, [userId]);

  useEffect(() => {
    // Without a choice, a service worker is what another user has left.
    const isNeeded = async () =>
      readChoice() !== null || (await navigator.serviceWorker?.getRegistration()) !== undefined;
    const renew = async () => {
      if (await isNeeded()) await (await import("./turn-on.ts")).renewNotifications();
    };
    // Offline, or a new version was deployed. The next document tries again.
    renew().catch(() => undefined);
  }, []);

  useEffect(() => {
    // Absent in an insecure context.
    const { serviceWorker } = navigator;
    if (!serviceWorker) return;
    const onMessage = ({ data }: MessageEvent) => {
      const chatId: unknown = data?.openChat;
      if (typeof chatId === "string" && chatId !== shownRef.current) navigate(`/chat/${chatId}`);
    };
    serviceWorker.addEventListener("message", onMessage);
    return () => serviceWorker.removeEventListener("message", onMessage);
  }, [navigate]);
}
