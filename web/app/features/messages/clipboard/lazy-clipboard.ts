import { type RefObject, useEffect } from "react";

// What is copied is prepared by code that no first page needs.
const load = () => import("./copy-elements.ts");
const loadSelections = () => import("./copy-selection.ts");

/** Starts loading what copies selections, before there are messages to select. */
export function preloadCopying(): void {
  // If loading fails, the page of messages tries again.
  loadSelections().catch(() => {});
}

/** Copies selections of messages with their formulas, tables and code; see `copySelection`. */
export function useCopiedSelections(listRef: RefObject<Element | null>): void {
  useEffect(() => {
    let copy: typeof import("./copy-selection.ts").copySelection | undefined;
    // Before it is loaded, and if that fails, the browser copies as it does on any page.
    loadSelections().then(
      (module) => {
        copy = module.copySelection;
      },
      () => {},
    );
    const onCopy = (event: ClipboardEvent) => {
      if (listRef.current) copy?.(event, listRef.current);
    };
    document.addEventListener("copy", onCopy);
    return () => document.removeEventListener("copy", onCopy);
  }, [listRef]);
}

/** The text of a message as the page shows it, as HTML for other programs. */
export async function messageHtml(button: Element): Promise<string> {
  const texts = button.closest("article")?.querySelectorAll("[data-copied]") ?? [];
  return (await load()).elementsHtml(texts);
}

/** The table that a button belongs to, with tabs between its cells. */
export async function textOfTable(button: Element): Promise<string> {
  return (await load()).tableText(tableOf(button));
}

/** The table that a button belongs to, as HTML. */
export async function htmlOfTable(button: Element): Promise<string> {
  return (await load()).tableHtml(tableOf(button));
}

function tableOf(button: Element): Element {
  const table = button.closest(".md-table")?.querySelector("table");
  if (!table) throw new Error("The button belongs to no table.");
  return table;
}
