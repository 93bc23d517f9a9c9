import type { ReactNode, RefObject } from "react";

/** The panel that is open beside the column. */
export interface OpenPanel {
  /** Identifies the panel; changes when another panel takes its place. */
  readonly key: string;
  /** Renders a `Panel` (ui/panel.tsx). */
  readonly content: ReactNode;
  /** The element that had the focus when the panel was opened; null when the page loaded with it. */
  readonly openerRef: RefObject<Element | null>;
  readonly onClose: () => void;
}
