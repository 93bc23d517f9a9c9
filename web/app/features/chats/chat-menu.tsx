import { FileJson, FileText, Pencil, Trash2 } from "lucide-react";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import type { LazyMenuProps } from "../../ui/menu-button.tsx";
import type { ExportFormat } from "../transfer/save-chats.ts";

interface ChatMenuProps extends LazyMenuProps {
  readonly onRename: () => void;
  readonly onExport: (format: ExportFormat) => void;
  readonly onDelete: () => void;
}

/** What one can do with a chat in the sidebar. */
export default function ChatMenu({ onRename, onExport, onDelete, ...props }: ChatMenuProps) {
  return (
    <Menu {...props} align="start">
      <MenuItem onSelect={onRename} icon={<Pencil />}>
        Rename
      </MenuItem>
      <MenuItem onSelect={() => onExport("markdown")} icon={<FileText />}>
        Export as Markdown
      </MenuItem>
      <MenuItem onSelect={() => onExport("json")} icon={<FileJson />}>
        Export as JSON
      </MenuItem>
      <MenuItem onSelect={onDelete} icon={<Trash2 />} isDangerous>
        Delete
      </MenuItem>
    </Menu>
  );
}
