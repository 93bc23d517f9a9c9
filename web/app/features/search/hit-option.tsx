import type { SearchHit } from "api-worker/contracts/search";
import { useEffect, useRef } from "react";
import { classNames } from "../../ui/class-names.ts";

export const optionId = (listId: string, index: number): string => `${listId}-${index}`;

interface HitOptionProps {
  readonly id: string;
  readonly hit: SearchHit;
  readonly isActive: boolean;
  readonly onOpen: () => void;
  readonly onPoint: () => void;
}

/** One hit: the chat, and the piece of text that matches, with its words marked. */
export function HitOption({ id, hit, isActive, onOpen, onPoint }: HitOptionProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) ref.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  const pieces = hit.snippet.map(({ text, isMatch }, index) =>
    isMatch ? (
      <mark key={index} className="rounded-[3px] bg-accent-soft font-medium text-accent">
        {text}
      </mark>
    ) : (
      text
    ),
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the field names the active one.
    <div
      ref={ref}
      id={id}
      role="option"
      aria-selected={isActive}
      onClick={onOpen}
      onPointerMove={onPoint}
      className={classNames("cursor-pointer rounded-lg px-3 py-2", isActive && "bg-hover")}
    >
      <p className="truncate font-medium">{hit.messageId === null ? pieces : hit.title}</p>
      {hit.messageId !== null && (
        <p className="mt-0.5 line-clamp-2 text-sm text-muted wrap-anywhere">
          {hit.role === "user" ? "You: " : ""}
          {pieces}
        </p>
      )}
    </div>
  );
}
