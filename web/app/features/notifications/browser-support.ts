import { useSyncExternalStore } from "react";

/**
 * Whether this browser shows notifications of this site. `home-screen`: once the app is on the Home
 * Screen. `unknown` on the server.
 */
export type Support = NotificationPermission | "unsupported" | "home-screen" | "unknown";

/** Reads what the browser says now. Browser only. */
export function readSupport(): Support {
  // Service workers are missing in private windows of some browsers, and over plain HTTP.
  if ("Notification" in window && "serviceWorker" in navigator) return Notification.permission;
  return isAppleTouch() ? "home-screen" : "unsupported";
}

/** Safari on iPhone and iPad. An iPad says that it is a Mac. */
function isAppleTouch(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/** What the browser says, for rendering. Follows a change in the browser's settings. */
export function useSupport(): Support {
  return useSyncExternalStore(subscribe, readSupport, () => "unknown");
}

function subscribe(listener: () => void): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  // For browsers that do not report the change.
  document.addEventListener("visibilitychange", listener, { signal });
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", listener, { signal }))
    .catch(() => undefined);
  return () => ended.abort();
}
