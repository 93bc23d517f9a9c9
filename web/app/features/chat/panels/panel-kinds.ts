import { lazyPanel, type PanelKind } from "./lazy-panel.ts";

/** The kinds of panels, by their names in the address. */
export const panelKinds = {
  document: lazyPanel(() => import("../../documents/in-chat/document-panel.tsx")),
  message: lazyPanel(() => import("../details/message-details.tsx")),
} satisfies Record<string, PanelKind>;

export type PanelKindName = keyof typeof panelKinds;

/** Whether a name is one of {@link panelKinds}. */
export function isPanelKind(name: string): name is PanelKindName {
  return Object.hasOwn(panelKinds, name);
}
