import { type ComponentProps, type RefObject, useLayoutEffect, useRef } from "react";
import { classNames } from "./class-names.ts";
import { replaceText } from "./replace-text.ts";

interface GrowingTextareaProps
  extends Omit<ComponentProps<"textarea">, "className" | "rows" | "defaultValue" | "ref"> {
  readonly ref: RefObject<HTMLTextAreaElement | null>;
  readonly value: string;
  /** Called with each text that is typed. */
  readonly onText: (text: string) => void;
  /** Classes of the surrounding box: its greatest height, and the padding of text box and copy. */
  readonly boxClassName: string;
}

/** More text than the highest box shows on the widest screen. */
const shownLengthMax = 4_000;

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
        "grid grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] *:[grid-area:1/1]",
        "*:min-h-0 *:text-base *:leading-6",
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
        className="resize-none overflow-y-auto bg-transparent placeholder:text-muted focus-visible:outline-none"
      />
      {/* A hidden copy of the text gives the box its height without measuring. Of a long text its
          beginning suffices: the layout of two long ones would take twice as long. */}
      <div
        aria-hidden="true"
        className="invisible overflow-hidden whitespace-pre-wrap wrap-anywhere"
      >
        {`${value.slice(0, shownLengthMax)} `}
      </div>
    </div>
  );
}
