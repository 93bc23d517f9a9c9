import type { ViewerOutput } from "api-worker/contracts/auth";
import { ChevronsUpDown, LogOut } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { type Theme, useTheme } from "../../lib/theme.ts";
import { IconButton } from "../../ui/button.tsx";
import { lazyModal } from "../../ui/lazy-modal.tsx";
import { lazyMenu, MenuButton } from "../../ui/menu-button.tsx";

const DeleteAllDialog = lazyModal(() => import("../chats/deletion/delete-all-dialog.tsx"));
const GuestLogOutDialog = lazyModal(() => import("./guest-log-out-dialog.tsx"));
const UserMenu = lazyMenu(() => import("./user-menu.tsx"));

interface UserBarProps {
  readonly viewer: ViewerOutput;
  /** The theme that the server rendered. */
  readonly initialTheme: Theme;
}

/** The foot of the sidebar: the viewer's name, their menu, and a logout button. */
export function UserBar({ viewer, initialTheme }: UserBarProps) {
  const theme = useTheme(initialTheme);
  const [isDeletingAll, setDeletingAll] = useState(false);
  const email = viewer.email ?? "Guest";
  const name = viewer.name ?? email;
  return (
    <section aria-label="Account" className="border-t border-line p-2">
      {viewer.isGuest && <GuestNote />}
      <div className="flex items-center gap-1">
        <MenuButton
          label={`Account and theme: ${name}`}
          menu={UserMenu}
          menuProps={{
            email,
            isGuest: viewer.isGuest,
            isAdmin: viewer.role === "admin",
            theme,
            onDeleteAll: () => setDeletingAll(true),
          }}
          className="flex h-11 min-w-0 flex-1 items-center gap-2.5 rounded-lg px-2 text-start"
        >
          {/* Drawn by CSS: text would have to be part of the button's accessible name. */}
          <span
            data-initial={name.charAt(0).toUpperCase()}
            className={
              "grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-sm " +
              "font-semibold text-accent before:content-[attr(data-initial)]"
            }
          />
          <span className="flex-1 truncate">{name}</span>
          <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-muted" />
        </MenuButton>
        {viewer.isGuest ? <GuestLogOut viewer={viewer} /> : <LogOutForm viewer={viewer} />}
      </div>
      {isDeletingAll && <DeleteAllDialog onClose={() => setDeletingAll(false)} />}
    </section>
  );
}

/**
 * A plain form, so that it works before the page's scripts have loaded, and loads a fresh document.
 */
function LogOutForm({ viewer }: { readonly viewer: ViewerOutput }) {
  return (
    <form method="post" action="/logout">
      <input type="hidden" name="viewer" value={viewer.id} />
      <IconButton type="submit" label="Log out">
        <LogOut aria-hidden="true" className="size-[1.125rem]" />
      </IconButton>
    </form>
  );
}

/** Asks first, because a guest who logs out can't get back to the chats. */
function GuestLogOut({ viewer }: { readonly viewer: ViewerOutput }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <IconButton label="Log out" onClick={() => setAsking(true)}>
        <LogOut aria-hidden="true" className="size-[1.125rem]" />
      </IconButton>
      {isAsking && <GuestLogOutDialog viewerId={viewer.id} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Tells guests that their chats depend on this browser. */
function GuestNote() {
  return (
    <p className="mb-2 rounded-xl bg-accent-soft px-3 py-2.5 text-sm">
      You’re using a guest account.{" "}
      <Link to="/signup" className="font-medium text-accent underline underline-offset-2">
        Sign up
      </Link>{" "}
      to keep your chats, or{" "}
      <Link to="/login" className="font-medium text-accent underline underline-offset-2">
        log in
      </Link>
      .
    </p>
  );
}
