import { useEffect, useEffectEvent, useRef } from "react";
import { trpc } from "../../../lib/trpc.ts";
import type { OpenChat } from "../session/use-open-chat.ts";
import type { PanelControl } from "./use-panel.ts";

/** From this width on (Tailwind's `lg`), a panel is beside the column; below, it would cover it. */
const besideFrom = "(min-width: 64rem)";

/**
 * Opens each document that the model begins to write, once, if there is room beside the chat. A
 * panel with anything else than a document stays.
 */
export function useWrittenDocument({ session }: OpenChat, panel: PanelControl): void {
  const utils = trpc.useUtils();
  const seen = useRef(new Set<string>());
  const show = useEffectEvent((documentId: string) => {
    const isFree = panel.shown === null || panel.shown.kind === "document";
    if (isFree && panel.shown?.id !== documentId) panel.show("document", documentId);
  });
  useEffect(
    () =>
      session.onDataPart("data-document", ({ id, data: { documentId, state, action } }) => {
        if (action === "suggest" && state === "complete") {
          void utils.documents.suggestions.list.invalidate({ documentId });
        }
        if (id === undefined || seen.current.has(id)) return;
        seen.current.add(id);
        if (state === "writing" && matchMedia(besideFrom).matches) show(documentId);
      }),
    [session, utils],
  );
}
