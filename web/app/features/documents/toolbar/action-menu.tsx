import { Menu, MenuItem } from "../../../ui/menu.tsx";
import type { LazyMenuProps } from "../../../ui/menu-button.tsx";
import type { ToolbarAction } from "./toolbar-items.ts";

interface ActionMenuProps extends LazyMenuProps {
  readonly actions: readonly ToolbarAction[];
  readonly onChoose: (action: ToolbarAction) => void;
}

/** The actions of one sort, such as the languages that code can be ported to. */
export default function ActionMenu({ actions, onChoose, ...menu }: ActionMenuProps) {
  return (
    <Menu {...menu} align="start">
      {actions.map((action) => (
        <MenuItem key={action.label} icon={null} onSelect={() => onChoose(action)}>
          {action.label}
        </MenuItem>
      ))}
    </Menu>
  );
}
