/**
 * The service worker. It shows notifications about answers, and opens their chats; it handles no
 * requests and stores nothing. `NoticePayload` in the API's contracts describes its input.
 */

/** Pages of the app, which open a chat when they are told to. Others are the login and share pages. */
const appPath = /^\/(?:$|(?:chat|documents|settings)(?:\/|$))/;

self.addEventListener("push", (event) => {
  event.waitUntil(show(event.data.json()));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openChat(event.notification.data.chatId));
});

async function show({ chatId, streamId, title, text }) {
  const pages = await listPages();
  // The user sees the answer itself.
  if (pages.some(({ visibilityState }) => visibilityState === "visible")) return;
  const tag = `chat:${chatId}`;
  const shown = await self.registration.getNotifications({ tag });
  // A page of this browser was faster.
  if (shown.some(({ data }) => data.streamId === streamId)) return;
  await self.registration.showNotification(title, {
    body: text,
    icon: "/icon-192.png",
    dir: "auto",
    // One notification for each chat; a later answer alerts again.
    tag,
    renotify: true,
    data: { chatId, streamId },
  });
}

async function openChat(chatId) {
  const path = `/chat/${encodeURIComponent(chatId)}`;
  const pages = await listPages();
  const pathOf = ({ url }) => new URL(url).pathname;
  const page =
    pages.find((one) => pathOf(one) === path) ?? pages.find((one) => appPath.test(pathOf(one)));
  if (!page) {
    await self.clients.openWindow(path);
    return;
  }
  // Also at the chat's address, because some browsers report the first address of a page.
  page.postMessage({ openChat: chatId });
  await page.focus();
}

function listPages() {
  return self.clients.matchAll({ type: "window", includeUncontrolled: true });
}
