import { useEffect, useRef, useState } from "react";
import type { OpenChat } from "../session/use-open-chat.ts";
import type { PanelControl } from "./use-panel.ts";

/** From this width on (Tailwind's `lg`), a panel is beside the column; below, it would cover it. */
const besideFrom = "(min-width: 64rem)";

/**
 * Opens each document that the model begins to write, once, if there is room beside the chat. A
 * panel with anything else than a document stays.
 */
export function useWrittenDocument({ session, isNew }: OpenChat, panel: PanelControl): void {
  const seen = useRef(new Set<string>());
  const [begun, setBegun] = useState<string | null>(null);
  useEffect(
    () =>
      session.onDataPart("data-document", ({ id, data: { documentId, state } }) => {
        if (id === undefined || seen.current.has(id)) return;
        seen.current.add(id);
        if (state === "writing" && matchMedia(besideFrom).matches) setBegun(documentId);
      }),
    [session],
  );
  const isFree = panel.shown === null || panel.shown.kind === "document";
  useEffect(() => {
    // A new chat gets its address first, which would close the panel again.
    if (begun === null || isNew) return;
    setBegun(null);
    if (isFree && panel.shown?.id !== begun) panel.show("document", begun);
  }, [begun, isNew, isFree, panel]);
}
