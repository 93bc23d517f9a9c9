import { ArrowLeft } from "lucide-react";
import { Link } from "react-router";

interface BackLinkProps {
  readonly to: string;
  /** The name of the page. */
  readonly children: string;
}

/** The way from a page to the list that it is in. */
export function BackLink({ to, children }: BackLinkProps) {
  return (
    <Link
      to={to}
      className="inline-flex min-h-8 items-center gap-1.5 text-sm text-muted hover:text-ink"
    >
      <ArrowLeft aria-hidden="true" className="size-4" />
      {children}
    </Link>
  );
}
