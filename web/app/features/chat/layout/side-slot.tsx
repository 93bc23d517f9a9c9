import { type CSSProperties, Suspense, useId, useRef } from "react";
import { Panel, PanelSlotProvider } from "../../../ui/panel.tsx";
import type { OpenPanel } from "./open-panel.ts";
import { usePanelKeys } from "./use-panel-keys.ts";
import { useSplit } from "./use-split.ts";

interface SideSlotProps {
  readonly columnId: string;
  readonly panel: OpenPanel;
}

/** The open panel, and the separator between it and the column. */
export default function SideSlot({ columnId, panel }: SideSlotProps) {
  const { key, content, openerRef, onClose } = panel;
  const titleId = useId();
  const panelRef = useRef<HTMLElement>(null);
  usePanelKeys(panelRef, { key, openerRef, onClose });
  const { share, bounds, handlers } = useSplit(panelRef);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: an <hr> cannot contain the handle. */}
      <div
        role="separator"
        tabIndex={0}
        aria-label="Width of the chat"
        aria-orientation="vertical"
        aria-controls={columnId}
        // The values are the column's, which is what the separator controls.
        aria-valuenow={Math.round(100 - share)}
        aria-valuemin={Math.round(100 - bounds.max)}
        aria-valuemax={Math.round(100 - bounds.min)}
        {...handlers}
        className={
          "group/separator relative z-10 -mx-1 w-2 shrink-0 cursor-col-resize touch-none outline-none " +
          "before:absolute before:inset-y-0 before:start-1 before:w-px before:bg-line " +
          "before:transition-colors hover:before:bg-accent focus-visible:before:w-0.5 " +
          "focus-visible:before:bg-accent max-lg:hidden print:hidden"
        }
      >
        <span className="absolute start-0.5 top-1/2 h-9 w-1 -translate-y-1/2 rounded-full bg-line-strong transition-colors group-hover/separator:bg-accent group-focus-visible/separator:bg-accent" />
      </div>
      <section
        ref={panelRef}
        data-panel={key}
        aria-labelledby={titleId}
        tabIndex={-1}
        style={{ "--share": `${share}%` } as CSSProperties}
        className={
          "flex flex-col bg-canvas outline-none " +
          "max-lg:absolute max-lg:inset-0 max-lg:z-20 max-md:fixed " +
          "lg:w-(--share) lg:max-w-[calc(100%-24rem)] lg:min-w-80 lg:shrink-0 print:hidden"
        }
      >
        <PanelSlotProvider value={{ titleId, onClose }}>
          <Suspense fallback={<Panel title="Loading…" />}>{content}</Suspense>
        </PanelSlotProvider>
      </section>
    </>
  );
}
