import { ArrowLeft, X } from "lucide-react";
import { createContext, type ReactNode, useContext } from "react";
import { IconButton } from "./button.tsx";

/** What the side slot passes to the panel in it. */
interface PanelSlot {
  /** The id for the panel's heading, which labels the slot. */
  readonly titleId: string;
  readonly onClose: () => void;
}

const PanelSlotContext = createContext<PanelSlot | null>(null);

export const PanelSlotProvider = PanelSlotContext.Provider;

interface PanelProps {
  readonly title: string;
  /** Buttons next to the title. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A panel: a heading with a close button, and content that scrolls. */
export function Panel({ title, actions, children }: PanelProps) {
  const slot = useContext(PanelSlotContext);
  if (!slot) throw new Error("A Panel must be inside a side slot.");
  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line ps-5 pe-2 max-lg:ps-2">
        <IconButton label="Back to the chat" onClick={slot.onClose} className="lg:hidden">
          <ArrowLeft aria-hidden className="size-5" />
        </IconButton>
        <h2 id={slot.titleId} className="min-w-0 flex-1 truncate font-medium">
          {title}
        </h2>
        {actions}
        <IconButton label="Close" onClick={slot.onClose} className="max-lg:hidden">
          <X aria-hidden className="size-5" />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-[env(safe-area-inset-bottom)]">
        {children}
      </div>
    </>
  );
}
