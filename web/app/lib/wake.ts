/**
 * Calls back when this page may have missed something: it becomes visible, the network returns, or
 * the browser restores it from its back/forward cache. A connection opened before may be dead
 * without notice.
 *
 * @returns a function that stops listening
 */
export function onWake(listener: () => void): () => void {
  if (typeof document === "undefined") return () => {};
  const onVisibilityChange = () => {
    if (document.visibilityState === "visible") listener();
  };
  const onPageShow = (event: PageTransitionEvent) => {
    if (event.persisted) listener();
  };
  document.addEventListener("visibilitychange", onVisibilityChange);
  addEventListener("online", listener);
  addEventListener("pageshow", onPageShow);
  return () => {
    document.removeEventListener("visibilitychange", onVisibilityChange);
    removeEventListener("online", listener);
    removeEventListener("pageshow", onPageShow);
  };
}
