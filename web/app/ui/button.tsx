import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover shadow-raised",
  outline: "border border-line bg-raised hover:bg-hover",
  quiet: "hover:bg-hover",
  danger: "bg-danger-fill text-[#fff] hover:brightness-110 shadow-raised",
};

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: keyof typeof looks;
  /** For use beside a line of text; on a phone as high as other buttons. */
  readonly isSmall?: boolean;
  /** Shows a spinner and ignores clicks, but keeps the button's name and focus. */
  readonly isPending?: boolean;
}

export function Button({
  look = "outline",
  isSmall = false,
  isPending = false,
  className,
  children,
  onClick,
  ...props
}: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      // Not `disabled`, which would drop the focus in the middle of a form.
      aria-disabled={isPending || undefined}
      onClick={isPending ? (event) => event.preventDefault() : onClick}
      className={classNames(
        "relative inline-flex items-center justify-center gap-2 rounded-lg",
        isSmall ? "min-h-8 px-3 py-1 text-sm max-md:min-h-10" : "min-h-10 px-4 py-2",
        "font-medium transition-colors disabled:opacity-50 aria-disabled:cursor-default",
        looks[look],
        className,
      )}
    >
      <span className={classNames("inline-flex items-center gap-2", isPending && "opacity-0")}>
        {children}
      </span>
      {isPending && <Spinner className="absolute" />}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  /** The accessible name, also shown on hover. */
  readonly label: string;
}

/** A button with only an icon. 40 px, so that a thumb hits it. */
export function IconButton({ label, className, children, ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...props}
      className={classNames(
        "inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-muted",
        "transition-colors hover:bg-hover hover:text-ink",
        className,
      )}
    >
      {children}
    </button>
  );
}
