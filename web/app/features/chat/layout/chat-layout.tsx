import { type ReactNode, Suspense, useDeferredValue, useId, useMemo } from "react";
import { lazyPart } from "../../../lib/new-version.ts";
import type { OpenPanel } from "./open-panel.ts";

const loadSideSlot = () => import("./side-slot.tsx");
const SideSlot = lazyPart(loadSideSlot);

/** Loads the side slot's code in advance. */
export function preloadSideSlot(): void {
  // If this fails, opening a panel tries again.
  loadSideSlot().catch(() => {});
}

interface ChatLayoutProps {
  readonly panel: OpenPanel | null;
  /** The chat's column. */
  readonly children: ReactNode;
}

/**
 * The layout of a chat: the column, and the open panel beside it. On a screen that is too narrow
 * for both, the panel covers the column.
 */
export function ChatLayout({ panel, children }: ChatLayoutProps) {
  const columnId = useId();
  // The panel gets its updates late. An urgent update, while the panel's code is being loaded, would
  // make React drop the server's HTML and draw the panel anew.
  const latest = useDeferredValue(panel);
  const slot = useMemo(
    () =>
      latest && (
        <Suspense fallback={null}>
          <SideSlot columnId={columnId} panel={latest} />
        </Suspense>
      ),
    [columnId, latest],
  );
  return (
    <div className="group/layout relative flex min-h-0 flex-1 print:block">
      <div
        id={columnId}
        // Takes a covered column away from keyboards and screen readers, but keeps its size and scroll
        // position. `visibility` is inherited, so with reduced motion it would return level by level.
        className="flex min-w-0 flex-1 flex-col max-lg:group-has-[[data-panel]]/layout:[content-visibility:hidden] print:block print:[content-visibility:visible]!"
      >
        {children}
      </div>
      {panel && slot}
    </div>
  );
}
