import { type ComponentProps, useId } from "react";
import { classNames } from "./class-names.ts";

interface SwitchProps extends ComponentProps<"input"> {
  readonly label: string;
  /** Shown below the label, and read out with it. */
  readonly hint: string;
}

/** A setting that is on or off, and changes at once. */
export function Switch({ label, hint, className, ...props }: SwitchProps) {
  const id = useId();
  return (
    <div className={classNames("flex items-start justify-between gap-6", className)}>
      <div className="min-w-0">
        <label htmlFor={id} className="cursor-pointer font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="mt-0.5 text-sm text-muted text-pretty">
          {hint}
        </p>
      </div>
      <input
        {...props}
        id={id}
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox tells its state by itself.
        role="switch"
        aria-describedby={`${id}-hint`}
        className={classNames(
          "relative mt-0.5 h-6 w-11 shrink-0 cursor-pointer appearance-none rounded-full border",
          "border-line-strong bg-surface transition-colors",
          "before:absolute before:start-0.5 before:top-1/2 before:size-[1.125rem]",
          "before:-translate-y-1/2 before:rounded-full before:bg-line-strong",
          "before:transition-transform checked:border-accent checked:bg-accent",
          "checked:before:translate-x-5 checked:before:bg-on-accent",
          "rtl:checked:before:-translate-x-5 disabled:cursor-default disabled:opacity-50",
        )}
      />
    </div>
  );
}
