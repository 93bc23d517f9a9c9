import { type RefObject, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { hasPanel, readPanel, withPanel } from "./panel-address.ts";
import { isPanelKind, type PanelKindName } from "./panel-kinds.ts";

/** The panel in the address, and functions that change it. */
export interface PanelControl {
  readonly shown: { readonly kind: PanelKindName; readonly id: string } | null;
  open(kind: PanelKindName, id: string): void;
  /** Opens a panel that the reader did not ask for: the focus stays where it is. */
  show(kind: PanelKindName, id: string): void;
  close(): void;
  /** The element that had the focus when the panel was opened; null when the page loaded with it. */
  readonly openerRef: RefObject<Element | null>;
}

/**
 * Opens and closes the panel beside a chat. Opening a panel adds an entry to the browser's history,
 * and a panel that replaces it keeps that entry, so the Back button closes the panel.
 *
 * @param isNew whether the chat has no address yet. A panel waits for it: in the address of a new
 *   chat it would open another new chat.
 */
export function usePanel(isNew: boolean): PanelControl {
  const { key, pathname, search, state } = useLocation();
  const navigate = useNavigate();
  const openerRef = useRef<Element>(null);
  const named = readPanel(search);
  const shown = named && isPanelKind(named.kind) ? { kind: named.kind, id: named.id } : null;
  const hasOwnEntry: boolean = state?.hasOwnEntry ?? false;
  const isClosing = useRef(false);
  useEffect(() => {
    isClosing.current = false;
  }, [key]);

  const isUnknown = hasPanel(search) && shown === null;
  useEffect(() => {
    if (isUnknown) navigate(pathname + withPanel(search, null), { replace: true });
  }, [isUnknown, pathname, search, navigate]);

  const [wanted, setWanted] = useState<PanelControl["shown"]>(null);
  const hasPanelNow = shown !== null;
  useEffect(() => {
    if (wanted === null || isNew) return;
    setWanted(null);
    navigate(pathname + withPanel(search, wanted), {
      replace: hasPanelNow,
      state: { hasOwnEntry: !hasPanelNow || hasOwnEntry },
    });
  }, [wanted, isNew, pathname, search, hasPanelNow, hasOwnEntry, navigate]);
  const show = (kind: PanelKindName, id: string) => setWanted({ kind, id });

  return {
    shown,
    open(kind, id) {
      openerRef.current = document.activeElement;
      show(kind, id);
    },
    show,
    close() {
      // Going back takes a moment. A second press must not go back twice.
      if (isClosing.current) return;
      isClosing.current = true;
      if (hasOwnEntry) navigate(-1);
      else navigate(pathname + withPanel(search, null), { replace: true });
    },
    openerRef,
  };
}
