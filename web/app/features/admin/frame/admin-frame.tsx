import type { ViewerOutput } from "api-worker/contracts/auth";
import { ArrowLeft, MessageSquare } from "lucide-react";
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";
import type { Theme } from "../../../lib/theme.ts";
import { AppFrame } from "../../../ui/app-frame.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { UserBar } from "../../account/user-bar.tsx";
import { adminPages } from "./admin-pages.ts";

interface AdminFrameProps {
  readonly viewer: ViewerOutput;
  /** The theme that the server rendered. */
  readonly initialTheme: Theme;
  readonly children: ReactNode;
}

const linkLook =
  "flex min-h-10 items-center gap-3 rounded-lg px-3 transition-colors max-md:min-h-11";

/** The frame of the pages of administration, with links to each of them. */
export function AdminFrame({ viewer, initialTheme, children }: AdminFrameProps) {
  return (
    <AppFrame
      barAction={
        <Link
          to="/"
          aria-label="Back to chats"
          className="inline-flex size-10 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink"
        >
          <MessageSquare aria-hidden="true" className="size-5" />
        </Link>
      }
      sidebar={
        <>
          <nav aria-label="Administration" className="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
            <Link
              to="/"
              className={classNames(linkLook, "text-muted hover:bg-hover hover:text-ink")}
            >
              <ArrowLeft aria-hidden="true" className="size-[1.125rem]" />
              Back to chats
            </Link>
            <p className="px-3 pt-5 pb-2 text-xs font-medium text-muted">Administration</p>
            <ul className="grid gap-0.5">
              {adminPages.map(({ to, label, icon: Icon }) => (
                <li key={to}>
                  <NavLink
                    to={to}
                    end={to === "/admin"}
                    className={({ isActive }) =>
                      classNames(linkLook, isActive ? "bg-selected font-medium" : "hover:bg-hover")
                    }
                  >
                    <Icon aria-hidden="true" className="size-[1.125rem] text-muted" />
                    {label}
                  </NavLink>
                </li>
              ))}
            </ul>
          </nav>
          <UserBar viewer={viewer} initialTheme={initialTheme} />
        </>
      }
    >
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid w-full max-w-5xl grid-cols-1 gap-6 px-4 py-6 sm:px-6 sm:py-10">
          {children}
        </div>
      </div>
    </AppFrame>
  );
}
