import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

interface GrowingTextareaProps extends Omit<ComponentProps<"textarea">, "className" | "rows"> {
  readonly value: string;
  /** Classes of the surrounding box, which scrolls once it has its greatest height. */
  readonly boxClassName: string;
}

/** A text box as high as its text, also in the server's HTML. */
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
      {/* A hidden copy of the text gives the box its height without measuring. */}
      <div aria-hidden="true" className="invisible whitespace-pre-wrap wrap-anywhere">
        {`${value} `}
      </div>
    </div>
  );
}
