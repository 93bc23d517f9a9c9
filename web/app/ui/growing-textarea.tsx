import { type ComponentProps, type RefObject, useLayoutEffect, useRef } from "react";
import { classNames } from "./class-names.ts";
import { replaceText } from "./replace-text.ts";

interface GrowingTextareaProps
  extends Omit<ComponentProps<"textarea">, "className" | "rows" | "defaultValue" | "ref"> {
  readonly ref: RefObject<HTMLTextAreaElement | null>;
  readonly value: string;
  /** Called with each text that is typed. */
  readonly onText: (text: string) => void;
  /** Classes of the surrounding box, which scrolls once it has its greatest height. */
  readonly boxClassName: string;
}

/**
 * A text box as high as its text, also in the server's HTML. React does not own the text: it would
 * set the element's content with each key, and browsers end an undo step when the page removes a
 * node. What replaces the text can be undone too.
 */
export function GrowingTextarea({ value, onText, boxClassName, ...props }: GrowingTextareaProps) {
  const { ref } = props;
  /** The text that box and parent have agreed on. */
  const agreed = useRef("");
  useLayoutEffect(() => {
    if (value === agreed.current) return;
    agreed.current = value;
    if (ref.current) replaceText(ref.current, value);
  }, [value, ref]);
  return (
    <div
      className={classNames(
        "grid overflow-y-auto *:[grid-area:1/1] *:text-base *:leading-6",
        boxClassName,
      )}
    >
      <textarea
        dir="auto"
        {...props}
        rows={1}
        // The browser would put its own copy of the text back after a reload.
        autoComplete="off"
        onChange={({ target }) => {
          if (target.value === agreed.current) return;
          agreed.current = target.value;
          onText(target.value);
        }}
        className="resize-none overflow-hidden bg-transparent placeholder:text-muted focus-visible:outline-none"
      />
      {/* A hidden copy of the text gives the box its height without measuring. */}
      <div aria-hidden="true" className="invisible whitespace-pre-wrap wrap-anywhere">
        {`${value} `}
      </div>
    </div>
  );
}
