import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

interface GrowingTextareaProps extends Omit<ComponentProps<"textarea">, "className" | "rows"> {
  readonly value: string;
  /** Classes of the box around it, which scrolls from its greatest height on. */
  readonly boxClassName: string;
}

/** A text box that is as high as its text, in the server's HTML too. */
export function GrowingTextarea({ value, boxClassName, ...props }: GrowingTextareaProps) {
  return (
    <div
      className={classNames(
        "grid overflow-y-auto *:[grid-area:1/1] *:text-base *:leading-6",
        boxClassName,
      )}
    >
      <textarea
        {...props}
        rows={1}
        value={value}
        className="resize-none overflow-hidden bg-transparent placeholder:text-muted focus-visible:outline-none"
      />
      {/* The hidden copy gives the box its height, without measuring. */}
      <div aria-hidden="true" className="invisible whitespace-pre-wrap wrap-anywhere">
        {`${value} `}
      </div>
    </div>
  );
}
