import { FileJson, FileText, Pencil, Pin, PinOff, Share2, Trash2 } from "lucide-react";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import type { LazyMenuProps } from "../../ui/menu-button.tsx";
import type { ExportFormat } from "../transfer/save-chats.ts";

interface ChatMenuProps extends LazyMenuProps {
  readonly isPinned: boolean;
  readonly onPin: () => void;
  readonly onShare: () => void;
  readonly onRename: () => void;
  readonly onExport: (format: ExportFormat) => void;
  readonly onDelete: () => void;
}

/** The menu of a chat in the sidebar. */
export default function ChatMenu(props: ChatMenuProps) {
  const { isPinned, onPin, onShare, onRename, onExport, onDelete, ...menu } = props;
  return (
    <Menu {...menu} align="start">
      <MenuItem onSelect={onPin} icon={isPinned ? <PinOff /> : <Pin />}>
        {isPinned ? "Unpin" : "Pin"}
      </MenuItem>
      <MenuItem onSelect={onRename} icon={<Pencil />}>
        Rename
      </MenuItem>
      <MenuItem onSelect={onShare} icon={<Share2 />}>
        Share
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
