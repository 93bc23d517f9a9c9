import { type ReactNode, useEffect, useRef } from "react";
import { NavLink, useLocation } from "react-router";
import { classNames } from "../../ui/class-names.ts";

interface SettingsFrameProps {
  /** A guest has no account, which API tokens and security are about. */
  readonly isGuest: boolean;
  readonly children: ReactNode;
}

/** The frame of the settings pages, with links to each of them. */
export function SettingsFrame({ isGuest, children }: SettingsFrameProps) {
  const pages = [
    { to: "/settings/usage", label: "Usage" },
    { to: "/settings/files", label: "Files" },
    { to: "/settings/data", label: "Import and export" },
    { to: "/settings/notifications", label: "Notifications" },
    { to: "/settings/privacy", label: "Privacy" },
    ...(isGuest
      ? []
      : [
          { to: "/settings/tokens", label: "API tokens" },
          { to: "/settings/security", label: "Security" },
        ]),
  ];
  const list = useRef<HTMLUListElement>(null);
  const { pathname } = useLocation();
  // On a phone the links are wider than the page.
  useEffect(() => {
    list.current
      ?.querySelector("[aria-current=page]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-4 py-6 sm:px-6 sm:py-10">
        <nav aria-label="Settings" className="mb-8 border-b border-line">
          <ul ref={list} className="flex gap-5 overflow-x-auto text-sm sm:gap-6">
            {pages.map(({ to, label }) => (
              <li key={to} className="shrink-0">
                <NavLink
                  to={to}
                  className={({ isActive }) =>
                    classNames(
                      "-mb-px flex h-11 items-center border-b-2 transition-colors",
                      "focus-visible:-outline-offset-2",
                      isActive
                        ? "border-accent font-medium"
                        : "border-transparent text-muted hover:text-ink",
                    )
                  }
                >
                  {label}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="grid grid-cols-1 gap-8">{children}</div>
      </div>
    </div>
  );
}
