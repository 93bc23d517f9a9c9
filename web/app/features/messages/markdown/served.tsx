import { type ReactNode, useId, useState } from "react";

interface ServedProps {
  readonly as: "span" | "code";
  /** What the content is made from. */
  readonly source: string;
  readonly children: ReactNode;
}

/**
 * Keeps what the server has rendered, for as long as its source is the same. So a page that comes
 * with formulas and coloured code loads neither the typesetter nor the highlighter.
 */
export function Served({ as: Tag, source, children }: ServedProps) {
  const id = useId();
  // Only while a served page comes to life is there already an element of this name.
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
