import type { DocumentKind } from "api-worker/contracts/documents";
import { ChevronDown } from "lucide-react";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { lazyMenu, MenuButton } from "../../../ui/menu-button.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { type ToolbarAction, type ToolbarItem, toolbarItems } from "./toolbar-items.ts";
import type { DocumentAsks } from "./use-document-asks.ts";

const actionMenu = lazyMenu(() => import("./action-menu.tsx"));

interface DocumentToolbarProps {
  readonly kind: DocumentKind;
  readonly asks: DocumentAsks;
  /** Called with a label of the toolbar and the action. Never called while asking is blocked. */
  readonly onAsk: (label: string, action: ToolbarAction) => void;
  /**
   * The label that was pressed last. The toolbar is drawn anew when the document is being written,
   * and takes the focus back to that button if nothing else has it.
   */
  readonly pressedRef: RefObject<string | null>;
}

/** Buttons that ask the model, in the document's chat, to change the document. */
export function DocumentToolbar({ kind, asks, onAsk, pressedRef }: DocumentToolbarProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (pressedRef.current === null || document.activeElement !== document.body) return;
    for (const button of ref.current?.querySelectorAll("button") ?? []) {
      if (button.textContent === pressedRef.current) button.focus({ preventScroll: true });
    }
  }, [pressedRef]);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a <fieldset> is a part of a form. */}
      <div
        ref={ref}
        role="group"
        aria-label="Ask the model"
        className="-mx-2.5 flex max-w-[calc(100%+1.25rem)] items-center overflow-x-auto [scrollbar-width:none]"
      >
        {toolbarItems[kind].map((item) => (
          <Item
            key={item.label}
            item={item}
            asks={asks}
            onAsk={(action) => {
              pressedRef.current = item.label;
              onAsk(item.label, action);
            }}
          />
        ))}
      </div>
      <p role="alert" className="order-last w-full pb-1 text-sm text-muted empty:hidden">
        {asks.problem}
      </p>
    </>
  );
}

interface ItemProps {
  readonly item: ToolbarItem;
  readonly asks: DocumentAsks;
  readonly onAsk: (action: ToolbarAction) => void;
}

const look =
  "relative inline-flex h-9 shrink-0 items-center gap-1 rounded-lg px-2.5 text-sm text-muted " +
  "transition-colors hover:bg-hover hover:text-ink aria-disabled:cursor-default " +
  "aria-disabled:bg-transparent aria-disabled:text-muted max-md:h-10";

function Item({ item, asks: { blocked, pendingLabel, tellBlocked }, onAsk }: ItemProps) {
  const isPending = pendingLabel === item.label;
  const face = (
    <>
      <span
        className={`inline-flex items-center gap-1 ${isPending ? "opacity-0" : blocked ? "opacity-50" : ""}`}
      >
        {item.label}
        {"actions" in item && <ChevronDown aria-hidden className="size-3.5" />}
      </span>
      {isPending && <Spinner className="absolute inset-0 m-auto size-4" />}
    </>
  );
  if ("actions" in item) {
    return (
      <MenuButton
        label={item.label}
        menu={actionMenu}
        menuProps={{ actions: item.actions, onChoose: onAsk }}
        className={look}
        blocked={blocked}
        onBlocked={tellBlocked}
      >
        {face}
      </MenuButton>
    );
  }
  return (
    <button
      type="button"
      // Not `disabled`, which would drop the focus and could not say why.
      aria-disabled={blocked !== null || undefined}
      title={blocked ?? undefined}
      onClick={() => (blocked === null ? onAsk(item) : tellBlocked())}
      className={look}
    >
      {face}
    </button>
  );
}
