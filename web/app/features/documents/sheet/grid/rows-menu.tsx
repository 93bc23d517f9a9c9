import { ArrowDownToLine, ArrowUpToLine, Trash2 } from "lucide-react";
import { Menu, MenuItem } from "../../../../ui/menu.tsx";
import type { LazyMenuProps } from "../../../../ui/menu-button.tsx";

interface RowsMenuProps extends LazyMenuProps {
  readonly onInsert: (offset: 0 | 1) => void;
  readonly onDelete: () => void;
}

/** What can be done with the row of the chosen cell. */
export default function RowsMenu({ onInsert, onDelete, ...menu }: RowsMenuProps) {
  return (
    <Menu {...menu} align="start">
      <MenuItem onSelect={() => onInsert(0)} icon={<ArrowUpToLine />}>
        Insert row above
      </MenuItem>
      <MenuItem onSelect={() => onInsert(1)} icon={<ArrowDownToLine />}>
        Insert row below
      </MenuItem>
      <MenuItem isDangerous onSelect={onDelete} icon={<Trash2 />}>
        Delete row
      </MenuItem>
    </Menu>
  );
}
