import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../../../ui/class-names.ts";

interface TableProps {
  /** The accessible name. */
  readonly caption: string;
  /** The rows of the head and of the body. */
  readonly head: ReactNode;
  readonly children: ReactNode;
}

/** A table of administration. On a phone, columns of numbers give way to a line below the name. */
export function Table({ caption, head, children }: TableProps) {
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line-strong/60 text-muted">{head}</tr>
      </thead>
      <tbody className="divide-y divide-line border-b border-line">{children}</tbody>
    </table>
  );
}

interface CellProps extends ComponentProps<"td"> {
  /** Numbers and times are aligned at the end. */
  readonly isNumber?: boolean | undefined;
  /** Whether a phone has no room for it. */
  readonly isWideOnly?: boolean | undefined;
}

const cellLook = ({
  isNumber,
  isWideOnly,
  className,
}: Pick<CellProps, "isNumber" | "isWideOnly"> & { readonly className: string | undefined }) =>
  classNames(
    "py-2.5 pe-4 last:pe-0",
    isNumber ? "text-end whitespace-nowrap tabular-nums" : "text-start",
    isWideOnly && "max-md:hidden",
    className,
  );

export function HeadCell({ isNumber, isWideOnly, className, ...props }: CellProps) {
  return (
    <th
      scope="col"
      {...props}
      className={classNames(
        cellLook({ isNumber, isWideOnly, className }),
        "font-medium whitespace-nowrap",
      )}
    />
  );
}

export function Cell({ isNumber, isWideOnly, className, ...props }: CellProps) {
  return <td {...props} className={cellLook({ isNumber, isWideOnly, className })} />;
}
