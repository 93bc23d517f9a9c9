import { type ComponentProps, useId } from "react";
import { classNames } from "./class-names.ts";

interface TextFieldProps extends ComponentProps<"input"> {
  readonly label: string;
  /** Shown below the field, and read out with it. */
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

/** A labelled input with its hint or error. */
export function TextField({ label, hint, error, className, ...props }: TextFieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        {...props}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? noteId : undefined}
        className={classNames(
          // 16 px: iOS zooms into smaller fields.
          "h-11 w-full rounded-lg border bg-raised px-3.5 text-base transition-colors",
          "placeholder:text-muted focus-visible:outline-offset-0",
          error ? "border-danger" : "border-line-strong",
          className,
        )}
      />
      {note && (
        <p id={noteId} className={classNames("text-sm", error ? "text-danger" : "text-muted")}>
          {note}
        </p>
      )}
    </div>
  );
}
