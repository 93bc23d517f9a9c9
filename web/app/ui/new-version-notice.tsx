import { isOutdated } from "../lib/new-version.ts";
import { useStore } from "../lib/store.ts";

/**
 * Asks to reload a page that is older than the server's app. Drafts are kept in the browser, and
 * answers go on, so reloading loses nothing.
 */
export function NewVersionNotice() {
  const isShown = useStore(isOutdated, (value) => value, false);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 top-3 z-50 flex justify-center px-4 print:hidden"
    >
      {isShown && (
        <div
          className={
            "pointer-events-auto flex max-w-[30rem] items-center gap-1 rounded-xl border " +
            "border-line bg-raised py-1.5 ps-4 pe-1.5 shadow-float"
          }
        >
          <p className="min-w-0 flex-1">A new version is available.</p>
          <button
            type="button"
            onClick={() => location.reload()}
            className="min-h-10 rounded-lg px-3 font-medium text-accent hover:bg-hover"
          >
            Reload
          </button>
        </div>
      )}
    </div>
  );
}
