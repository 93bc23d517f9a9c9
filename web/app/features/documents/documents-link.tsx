import { FileText } from "lucide-react";
import { NavLink } from "react-router";
import { classNames } from "../../ui/class-names.ts";

/** Leads from the sidebar to the viewer's documents. */
export function DocumentsLink() {
  return (
    <nav aria-label="Workspace" className="shrink-0 px-2 pb-1">
      <NavLink
        to="/documents"
        className={({ isActive }) =>
          classNames(
            "flex h-9 items-center gap-2.5 rounded-lg px-3 transition-colors max-md:h-11",
            isActive ? "bg-selected font-medium" : "hover:bg-hover",
          )
        }
      >
        <FileText aria-hidden="true" className="size-4 text-muted" />
        Documents
      </NavLink>
    </nav>
  );
}
