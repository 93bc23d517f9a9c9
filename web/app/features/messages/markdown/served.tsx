import { type ReactNode, useId, useState } from "react";

interface ServedProps {
  readonly as: "span" | "code";
  /** The source that the content was rendered from. */
  readonly source: string;
  readonly children: ReactNode;
}

/**
 * Keeps the server's HTML while its source stays the same, so that a page that arrives with
 * formulas and coloured code loads neither the typesetter nor the highlighter.
 */
export function Served({ as: Tag, source, children }: ServedProps) {
  const id = useId();
  // An element of this name exists only while a served page hydrates.
  const [served] = useState(() => ({
    source,
    html: typeof document === "undefined" ? undefined : document.getElementById(id)?.innerHTML,
  }));
  if (served.html !== undefined && served.source === source) {
    // Our own server's elements, which are on the page as they are.
    return <Tag key="served" id={id} dangerouslySetInnerHTML={{ __html: served.html }} />;
  }
  return (
    <Tag key="own" id={id}>
      {children}
    </Tag>
  );
}
