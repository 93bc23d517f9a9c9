import {
  ArrowDownUp,
  ChartColumn,
  CornerDownLeft,
  KeyRound,
  Monitor,
  Moon,
  Send,
  ShieldCheck,
  Sun,
  Trash2,
  Wrench,
} from "lucide-react";
import { useNavigate } from "react-router";
import { setEnterKey, useEnterKey } from "../../lib/enter-key.ts";
import { setTheme, type Theme } from "../../lib/theme.ts";
import { Menu, MenuChoice, MenuItem } from "../../ui/menu.tsx";
import type { LazyMenuProps } from "../../ui/menu-button.tsx";

interface UserMenuProps extends LazyMenuProps {
  readonly email: string;
  /** A guest has no account, which API tokens and security are about. */
  readonly isGuest: boolean;
  readonly isAdmin: boolean;
  readonly theme: Theme;
  readonly onDeleteAll: () => void;
}

const themes = [
  { value: "system", label: "System", icon: <Monitor /> },
  { value: "light", label: "Light", icon: <Sun /> },
  { value: "dark", label: "Dark", icon: <Moon /> },
] as const;

const enterKeys = [
  { value: "send", label: "Sends the message", icon: <Send /> },
  { value: "line", label: "Adds a new line", icon: <CornerDownLeft /> },
] as const;

/** The account menu: the viewer's email, theme, settings and deletion of all chats. */
export default function UserMenu(menu: UserMenuProps) {
  const { email, isGuest, isAdmin, theme, onDeleteAll, ...props } = menu;
  const navigate = useNavigate();
  const enterKey = useEnterKey();
  return (
    <Menu {...props} align="start">
      <p className="max-w-64 truncate border-b border-line px-2.5 pt-1 pb-2 text-muted">{email}</p>
      <MenuChoice label="Theme" value={theme} options={themes} onChange={setTheme} />
      <MenuChoice label="Enter key" value={enterKey} options={enterKeys} onChange={setEnterKey} />
      <div className="mt-1.5 border-t border-line pt-1.5">
        <MenuItem icon={<ChartColumn />} onSelect={() => navigate("/settings/usage")}>
          Usage
        </MenuItem>
        <MenuItem icon={<ArrowDownUp />} onSelect={() => navigate("/settings/data")}>
          Import and export
        </MenuItem>
        {!isGuest && (
          <>
            <MenuItem icon={<KeyRound />} onSelect={() => navigate("/settings/tokens")}>
              API tokens
            </MenuItem>
            <MenuItem icon={<ShieldCheck />} onSelect={() => navigate("/settings/security")}>
              Security
            </MenuItem>
          </>
        )}
        {isAdmin && (
          <MenuItem icon={<Wrench />} onSelect={() => navigate("/admin")}>
            Administration
          </MenuItem>
        )}
        <MenuItem icon={<Trash2 />} onSelect={onDeleteAll} isDangerous>
          Delete all chats
        </MenuItem>
      </div>
    </Menu>
  );
}
