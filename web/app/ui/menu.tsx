import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import { createContext, type FocusEvent, type ReactNode, useContext, useRef } from "react";
import { classNames } from "./class-names.ts";
import type { LazyMenuProps } from "./menu-button.tsx";

interface MenuProps extends LazyMenuProps {
  readonly align?: "start" | "end";
  readonly children: ReactNode;
}

/** Passes a selected action to the menu, which runs it after closing. */
const ChoiceContext = createContext<(run: () => void) => void>(() => {});

/** A menu beside its button. Loaded on demand: import it only from modules given to `lazyMenu`. */
export function Menu(props: MenuProps) {
  const { label, anchor, isOpen, isByKeyboard, onClose, align = "end", children } = props;
  const choiceRef = useRef<(() => void) | null>(null);

  function runChoice(isNowOpen: boolean) {
    const run = choiceRef.current;
    if (isNowOpen || !run) return;
    choiceRef.current = null;
    // Focus returns to the button first, because a dialog that the action opens will return it
    // there.
    anchor.current?.focus();
    run();
  }

  function focusFirstItem(event: FocusEvent<HTMLElement>) {
    if (!isByKeyboard || event.target !== event.currentTarget) return;
    event.currentTarget.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
  }

  return (
    <BaseMenu.Root
      open={isOpen}
      onOpenChange={(isNowOpen) => !isNowOpen && onClose()}
      onOpenChangeComplete={runChoice}
    >
      <BaseMenu.Portal>
        <BaseMenu.Positioner anchor={anchor} align={align} sideOffset={6} className="z-50">
          <BaseMenu.Popup
            aria-label={label}
            finalFocus={anchor}
            onFocus={focusFirstItem}
            className={
              "max-h-(--available-height) min-w-48 overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-float outline-none " +
              "transition-opacity data-starting-style:opacity-0"
            }
          >
            <ChoiceContext
              value={(run) => {
                choiceRef.current = run;
              }}
            >
              {children}
            </ChoiceContext>
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

const itemLook =
  "flex min-h-9 items-center gap-2.5 rounded-lg px-2.5 py-1.5 outline-none select-none " +
  "data-highlighted:bg-hover max-md:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0";

interface MenuItemProps {
  readonly icon: ReactNode;
  readonly isDangerous?: boolean;
  /** Called when the menu has closed. */
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, isDangerous, onSelect, children }: MenuItemProps) {
  const choose = useContext(ChoiceContext);
  return (
    <BaseMenu.Item
      onClick={() => choose(onSelect)}
      className={classNames(itemLook, isDangerous && "text-danger")}
    >
      {icon}
      {children}
    </BaseMenu.Item>
  );
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { value: Value; label: string; icon: ReactNode }[];
  readonly onChange: (value: Value) => void;
}

/** A choice among a few options. Choosing keeps the menu open, so that the effect is visible. */
export function MenuChoice<Value extends string>(props: MenuChoiceProps<Value>) {
  const { label, value, options, onChange } = props;
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-muted">
        {label}
      </BaseMenu.GroupLabel>
      <BaseMenu.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <BaseMenu.RadioItem
            key={option.value}
            value={option.value}
            closeOnClick={false}
            className={itemLook}
          >
            {option.icon}
            <span className="flex-1">{option.label}</span>
            <BaseMenu.RadioItemIndicator className="text-accent">
              <Check aria-hidden="true" />
            </BaseMenu.RadioItemIndicator>
          </BaseMenu.RadioItem>
        ))}
      </BaseMenu.RadioGroup>
    </BaseMenu.Group>
  );
}
