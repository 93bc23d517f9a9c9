import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../../../ui/class-names.ts";

/** How what a line expands to is set off from it. */
export const disclosedClass = "mt-1 mb-2 ms-2 border-s-2 border-line ps-4";

interface DisclosureLineProps {
  readonly isOpen: boolean;
  /** The id of what the line expands to. */
  readonly controls: string;
  readonly onToggle: () => void;
  readonly className: string;
  readonly children: ReactNode;
}

/** A line of a message that expands. */
export function DisclosureLine(props: DisclosureLineProps) {
  const { isOpen, controls, onToggle, className, children } = props;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={controls}
      onClick={onToggle}
      className={classNames(
        "-mx-2 inline-flex min-h-8 max-w-full items-center rounded-lg px-2 text-start text-sm transition-colors hover:text-ink max-md:min-h-10",
        className,
      )}
    >
      {children}
    </button>
  );
}

/** The arrow of such a line. */
export function DisclosureArrow({ isOpen }: { readonly isOpen: boolean }) {
  return (
    <ChevronRight
      size={16}
      aria-hidden
      className={classNames("shrink-0 transition-transform duration-200", isOpen && "rotate-90")}
    />
  );
}

/** Data as it is, in a box that scrolls. */
export function RawText({ children }: { readonly children: string }) {
  return (
    <pre
      dir="ltr"
      className="max-h-60 overflow-auto font-mono text-xs whitespace-pre-wrap wrap-anywhere"
    >
      {children}
    </pre>
  );
}
