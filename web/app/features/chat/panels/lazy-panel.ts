import type { ComponentType } from "react";
import { lazyPart } from "../../../lib/new-version.ts";
import type { OpenChat } from "../session/use-open-chat.ts";

/** The props of a panel's content. A panel of another feature declares only those it needs. */
export interface PanelProps {
  /** The id in the address. */
  readonly id: string;
  /** The chat beside the panel. */
  readonly chat: OpenChat;
  /** Call this when nothing has this id: the panel then closes. */
  readonly onMissing: () => void;
}

export interface PanelKind {
  readonly Content: ComponentType<PanelProps>;
  readonly preload: () => void;
}

/**
 * A kind of panel whose code is fetched when one is first opened.
 *
 * @param load imports a module whose default export renders a `Panel` (ui/panel.tsx)
 */
export function lazyPanel(load: () => Promise<{ default: ComponentType<PanelProps> }>): PanelKind {
  // If preloading fails, opening the panel tries again.
  return { Content: lazyPart(load), preload: () => void load().catch(() => {}) };
}
