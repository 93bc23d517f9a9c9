import {
  type ComponentType,
  type ReactNode,
  type RefObject,
  Suspense,
  useRef,
  useState,
} from "react";
import { ignoringComposition } from "../lib/keyboard.ts";
import { lazyPart } from "../lib/new-version.ts";
import { classNames } from "./class-names.ts";

/** Props that a menu gets from its button and passes to ui/menu.tsx. */
export interface LazyMenuProps {
  readonly label: string;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly isOpen: boolean;
  /** Whether it was opened by keyboard, which highlights the first item. */
  readonly isByKeyboard: boolean;
  readonly onClose: () => void;
}

interface LazyMenu<Props> {
  readonly Component: ComponentType<Props & LazyMenuProps>;
  readonly preload: () => void;
}

/**
 * A menu whose code, including the menu library, is loaded when the reader reaches for its button.
 *
 * @param load imports a module whose default export shows the menu
 */
export function lazyMenu<Props extends LazyMenuProps>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): LazyMenu<Omit<Props, keyof LazyMenuProps>> {
  const Component = lazyPart(load) as ComponentType<unknown> as ComponentType<
    Omit<Props, keyof LazyMenuProps> & LazyMenuProps
  >;
  // If preloading fails, opening the menu tries again.
  return { Component, preload: () => void load().catch(() => {}) };
}

interface MenuButtonProps<Props> {
  readonly label: string;
  readonly menu: LazyMenu<Props>;
  readonly menuProps: Props;
  /** The role of the popup: "dialog" when it holds more than a list of actions. */
  readonly popup?: "menu" | "dialog";
  readonly className?: string;
  /** Why the menu cannot be opened now; it can be when left out. */
  readonly blocked?: string | null;
  /** Called when a blocked button is pressed. */
  readonly onBlocked?: () => void;
  readonly children: ReactNode;
}

/** A button that opens a menu. Its accessible name is `label`. */
export function MenuButton<Props extends object>(props: MenuButtonProps<Props>) {
  const { label, menu, menuProps, popup = "menu", className, blocked = null, children } = props;
  const buttonRef = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  // Once shown it stays mounted, so that it can return the focus when it closes.
  const [wasOpened, setWasOpened] = useState(false);

  const [isByKeyboard, setByKeyboard] = useState(false);

  function open(byKeyboard: boolean) {
    if (blocked !== null) {
      props.onBlocked?.();
      return;
    }
    setByKeyboard(byKeyboard);
    setWasOpened(true);
    setOpen(true);
  }

  return (
    <>
      <button
        ref={buttonRef}
        type="button"
        aria-label={label}
        // Not `disabled`, which would drop the focus and could not say why.
        aria-disabled={blocked !== null || undefined}
        title={blocked ?? undefined}
        aria-haspopup={popup}
        aria-expanded={isOpen}
        // A click by keyboard has a press count of 0.
        onClick={(event) => open(event.detail === 0)}
        onKeyDown={ignoringComposition((event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          open(true);
        })}
        onPointerEnter={menu.preload}
        onFocus={menu.preload}
        className={classNames("transition-colors hover:bg-hover", className)}
      >
        {children}
      </button>
      {wasOpened && (
        <Suspense fallback={null}>
          <menu.Component
            {...menuProps}
            label={label}
            anchor={buttonRef}
            isOpen={isOpen}
            isByKeyboard={isByKeyboard}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
