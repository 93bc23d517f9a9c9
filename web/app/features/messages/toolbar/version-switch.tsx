import { ChevronLeft, ChevronRight } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { ignoringComposition } from "../../../lib/keyboard.ts";
import { IconButton } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";

interface VersionSwitchProps {
  /** All versions of the message, oldest first. */
  readonly ids: readonly string[];
  readonly shownId: string;
  readonly onSelect: (messageId: string) => void;
}

/** ‹ 2/3 › under a message that has versions. */
export function VersionSwitch({ ids, shownId, onSelect }: VersionSwitchProps) {
  const index = ids.indexOf(shownId);
  const show = (at: number) => {
    const id = ids[at];
    if (id !== undefined) onSelect(id);
  };
  const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") show(index - 1);
    else if (event.key === "ArrowRight") show(index + 1);
    else return;
    event.preventDefault();
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      role="group"
      aria-label="Versions"
      onKeyDown={onKeyDown}
      className="flex items-center text-sm text-muted"
    >
      <StepButton label="Previous version" isEnd={index <= 0} onClick={() => show(index - 1)}>
        <ChevronLeft size={16} aria-hidden />
      </StepButton>
      <span aria-hidden className="min-w-7 text-center tabular-nums">
        {`${index + 1}/${ids.length}`}
      </span>
      <span aria-live="polite" className="sr-only">
        {`Version ${index + 1} of ${ids.length}`}
      </span>
      <StepButton
        label="Next version"
        isEnd={index >= ids.length - 1}
        onClick={() => show(index + 1)}
      >
        <ChevronRight size={16} aria-hidden />
      </StepButton>
    </div>
  );
}

function StepButton(props: {
  label: string;
  isEnd: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  const { label, isEnd, onClick, children } = props;
  return (
    <IconButton
      label={label}
      // Not `disabled`, which would drop the focus at the end of the row.
      aria-disabled={isEnd || undefined}
      onClick={onClick}
      className={classNames("size-9 max-md:size-10", isEnd && "cursor-default opacity-40")}
    >
      {children}
    </IconButton>
  );
}
