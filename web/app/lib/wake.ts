/**
 * Calls back whenever this page may have slept through something: it comes to the front, the
 * network returns, or the browser takes it out of its back/forward cache. A connection that was
 * open before may be dead without having said so.
 *
 * @returns a function that ends it
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
