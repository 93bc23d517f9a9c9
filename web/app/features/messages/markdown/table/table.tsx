import type { ReactNode } from "react";
import { CopyButton } from "../../../../ui/copy-button.tsx";
import { htmlOfTable, textOfTable } from "../../clipboard/lazy-clipboard.ts";

interface TableProps {
  /** Whether the end of the table may be still to come. */
  readonly isOpen: boolean;
  readonly dir: "auto" | undefined;
  readonly children: ReactNode;
}

/** A table with a copy button, for spreadsheets and documents. */
export function Table({ isOpen, dir, children }: TableProps) {
  return (
    <div className="md-table">
      <div className="md-table-bar">
        {!isOpen && <CopyButton text={textOfTable} html={htmlOfTable} label="Copy table" />}
      </div>
      {/* A wide table scrolls by itself; with the keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable */}
      <section aria-label="Table" tabIndex={0}>
        <table dir={dir}>{children}</table>
      </section>
    </div>
  );
}
