import {
  ChartColumn,
  Cpu,
  Gauge,
  type LucideIcon,
  MailPlus,
  MessagesSquare,
  Radio,
  ScrollText,
  Settings,
  ThumbsUp,
  Users,
} from "lucide-react";

/** A page of administration, as its navigation shows it. */
interface AdminPage {
  readonly to: "/admin" | `/admin/${string}`;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** In the order of the navigation. */
export const adminPages: readonly AdminPage[] = [
  { to: "/admin", label: "Overview", icon: ChartColumn },
  { to: "/admin/users", label: "Users", icon: Users },
  { to: "/admin/invites", label: "Invitations", icon: MailPlus },
  { to: "/admin/chats", label: "Chats", icon: MessagesSquare },
  { to: "/admin/streams", label: "Streams", icon: Radio },
  { to: "/admin/votes", label: "Votes", icon: ThumbsUp },
  { to: "/admin/models", label: "Models", icon: Cpu },
  { to: "/admin/limits", label: "Limits", icon: Gauge },
  { to: "/admin/settings", label: "Settings", icon: Settings },
  { to: "/admin/audit", label: "Audit log", icon: ScrollText },
];
