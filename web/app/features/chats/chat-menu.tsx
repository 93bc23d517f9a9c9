import { Pencil, Trash2 } from "lucide-react";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import type { LazyMenuProps } from "../../ui/menu-button.tsx";

interface ChatMenuProps extends LazyMenuProps {
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

/** What one can do with a chat in the sidebar. */
export default function ChatMenu({ onRename, onDelete, ...props }: ChatMenuProps) {
  return (
    <Menu {...props} align="start">
      <MenuItem onSelect={onRename} icon={<Pencil />}>
        Rename
      </MenuItem>
      <MenuItem onSelect={onDelete} icon={<Trash2 />} isDangerous>
        Delete
      </MenuItem>
    </Menu>
  );
}
