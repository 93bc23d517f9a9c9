import type { ReactNode } from "react";

interface PageHeaderProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** The heading of a page of administration, with a sentence about it. */
export function PageHeader({ title, children }: PageHeaderProps) {
  return (
    <header>
      <h1 className="text-2xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
      {children && <p className="mt-1.5 text-muted text-pretty">{children}</p>}
    </header>
  );
}
