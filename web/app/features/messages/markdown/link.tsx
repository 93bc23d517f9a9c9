import type { ReactNode } from "react";
import { hiddenTarget, safeUrl } from "./safe-url.ts";

interface LinkProps {
  readonly href: unknown;
  readonly title: unknown;
  /** The text of the link. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A link to another site. Its host is shown beside it when the text does not name it. */
export function Link({ href, title, label, children }: LinkProps) {
  const url = safeUrl(String(href));
  if (!url) return children;
  return (
    <a
      href={url}
      title={title ? String(title) : undefined}
      data-host={hiddenTarget(url, label)}
      target="_blank"
      rel="noopener noreferrer nofollow"
    >
      {children}
    </a>
  );
}
