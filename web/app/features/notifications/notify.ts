import type { NoticeOutput } from "api-worker/contracts/notifications";
import { readChoice } from "./choice.ts";

/** The service worker, which shows notifications and opens their chats. */
export const workerPath = "/notifications.js";

/** The facts that a notification carries for the service worker. */
interface NoticeData {
  readonly chatId: string;
  readonly streamId: string | null;
}

/** Whether this page is to show notifications. */
export function showsNotices(): boolean {
  return readChoice() === "page" && Notification.permission === "granted";
}

/**
 * Shows a notification about an answer, if this page is to do that. Shows each answer once, even
 * when two tabs try.
 */
export async function showNotice(chatId: string, notice: NoticeOutput): Promise<void> {
  if (!showsNotices()) return;
  const registration = await navigator.serviceWorker.getRegistration(workerPath);
  if (!registration?.active) return;
  const tag = `chat:${chatId}`;
  const shown = await registration.getNotifications({ tag });
  const isShown = ({ data }: Notification) => (data as NoticeData).streamId === notice.streamId;
  if (notice.streamId !== null && shown.some(isShown)) return;
  const { title, text, streamId } = notice;
  const data: NoticeData = { chatId, streamId };
  // Not in TypeScript's types: a later answer in the same chat alerts again.
  const again = { renotify: true } as NotificationOptions;
  await registration.showNotification(title, {
    ...again,
    ...{ tag, data, body: text, icon: "/icon-192.png", dir: "auto" },
  });
}

/** Closes the notifications about a chat, which the user sees now. */
export async function closeNotices(chatId: string): Promise<void> {
  if (readChoice() === null || !("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration(workerPath);
  const shown = await registration?.getNotifications({ tag: `chat:${chatId}` });
  for (const notification of shown ?? []) notification.close();
}
