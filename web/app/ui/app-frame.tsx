import { Menu as MenuIcon, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { ignoringComposition } from "../lib/keyboard.ts";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Logo } from "./logo.tsx";

interface AppFrameProps {
  readonly sidebar: ReactNode;
  /** Shown beside the logo in the phone's top bar. */
  readonly barAction: ReactNode;
  readonly children: ReactNode;
}

/** From this width on (Tailwind's `md`) the sidebar is beside the page; below it, a drawer. */
const wideScreen = "(min-width: 48rem)";

/** Sidebar and page side by side; on a phone the sidebar is a drawer over the page. */
export function AppFrame({ sidebar, barAction, children }: AppFrameProps) {
  const { isOpen, open, close, drawerRef, openerRef } = useDrawer();
  return (
    <div className="flex h-dvh overflow-hidden print:block print:h-auto print:overflow-visible">
      <a
        href="#main"
        className={
          "fixed start-3 top-3 z-50 -translate-y-20 rounded-lg bg-accent px-4 py-2 font-medium " +
          "text-on-accent focus:translate-y-0 print:hidden"
        }
      >
        Skip to main content
      </a>
      {isOpen && (
        <div aria-hidden="true" onPointerDown={close} className="fixed inset-0 z-30 bg-scrim" />
      )}
      <div
        ref={drawerRef}
        {...(isOpen && { role: "dialog", "aria-modal": true, "aria-label": "Menu" })}
        className={classNames(
          "z-40 flex w-72 shrink-0 flex-col border-e border-line bg-surface print:hidden",
          "max-md:fixed max-md:inset-y-0 max-md:start-0 max-md:max-w-[86vw]",
          "max-md:duration-200",
          // Visible as soon as it opens, so that it can take the focus; hidden only once it has
          // moved away.
          isOpen
            ? "max-md:shadow-float max-md:transition-[translate]"
            : "max-md:invisible max-md:-translate-x-full max-md:transition-[translate,visibility]",
        )}
      >
        <header className="flex h-14 shrink-0 items-center justify-between ps-4 pe-2">
          <Logo />
          <IconButton label="Close menu" onClick={close} className="md:hidden">
            <X aria-hidden="true" className="size-5" />
          </IconButton>
        </header>
        {sidebar}
      </div>
      <div inert={isOpen} className="group/page flex min-w-0 flex-1 flex-col print:block">
        {/* Hidden while a panel covers the whole screen of a phone. */}
        <header className="flex h-14 shrink-0 items-center justify-between border-b border-line px-2 group-has-[[data-panel]]/page:[content-visibility:hidden] md:hidden print:hidden">
          <IconButton ref={openerRef} label="Open menu" aria-expanded={isOpen} onClick={open}>
            <MenuIcon aria-hidden="true" className="size-5" />
          </IconButton>
          <Logo className="size-6" />
          {barAction}
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col outline-none print:block"
        >
          {children}
        </main>
      </div>
    </div>
  );
}

/**
 * The drawer's state and focus. While it is open the rest of the page is inert, which keeps the
 * focus inside. Escape, navigation and a wide screen close it.
 */
function useDrawer() {
  const [isOpen, setOpen] = useState(false);
  const drawerRef = useRef<HTMLDivElement>(null);
  const openerRef = useRef<HTMLButtonElement>(null);
  const { key } = useLocation();

  // The key changes with every navigation.
  useEffect(() => setOpen(false), [key]);

  useEffect(() => {
    if (!isOpen) return;
    const drawer = drawerRef.current;
    const opener = openerRef.current;
    const media = matchMedia(wideScreen);
    const close = () => setOpen(false);
    const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    });
    drawer?.querySelector("button")?.focus();
    media.addEventListener("change", close);
    drawer?.addEventListener("keydown", onKeyDown);
    return () => {
      media.removeEventListener("change", close);
      drawer?.removeEventListener("keydown", onKeyDown);
      // Focus that the reader has moved elsewhere stays there.
      if (drawer?.contains(document.activeElement)) opener?.focus();
    };
  }, [isOpen]);

  return {
    isOpen,
    open: () => setOpen(true),
    close: () => setOpen(false),
    drawerRef,
    openerRef,
  };
}
