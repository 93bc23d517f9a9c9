import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import type { LazyMenuProps } from "./menu-button.tsx";

interface MenuProps extends LazyMenuProps {
  readonly align?: "start" | "end";
  readonly children: ReactNode;
}

/** A menu beside its button. Fetched when needed: import it only from modules given to `lazyMenu`. */
export function Menu({ label, anchor, isOpen, onClose, align = "end", children }: MenuProps) {
  return (
    <BaseMenu.Root open={isOpen} onOpenChange={(isNowOpen) => !isNowOpen && onClose()}>
      <BaseMenu.Portal>
        <BaseMenu.Positioner anchor={anchor} align={align} sideOffset={6} className="z-50">
          <BaseMenu.Popup
            aria-label={label}
            finalFocus={anchor}
            className={
              "min-w-48 rounded-xl border border-line bg-raised p-1.5 shadow-float outline-none " +
              "transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
            }
          >
            {children}
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
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, isDangerous, onSelect, children }: MenuItemProps) {
  return (
    <BaseMenu.Item
      onClick={onSelect}
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

/** One of a few; choosing leaves the menu open, so that the effect is seen. */
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
