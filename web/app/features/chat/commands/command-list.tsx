import { useEffect, useRef } from "react";
import { classNames } from "../../../ui/class-names.ts";
import type { Command } from "./commands.ts";

interface CommandListProps {
  readonly id: string;
  readonly commands: readonly Command[];
  readonly active: Command | undefined;
  readonly onChoose: (command: Command) => void;
}

/** The list of commands above the message box, which keeps the focus and controls the list. */
export function CommandList({ id, commands, active, onChoose }: CommandListProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Commands"
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 overflow-y-auto rounded-2xl border border-line bg-raised p-1.5 shadow-float"
    >
      {commands.map((command) => (
        <Option
          key={command.text}
          id={optionId(id, command)}
          command={command}
          isActive={command === active}
          onChoose={() => onChoose(command)}
        />
      ))}
    </div>
  );
}

/** The id of a command's option. The message box refers to the active one by it. */
export function optionId(listId: string, command: Command): string {
  return `${listId}${command.text.replaceAll(/\W/g, "-")}`;
}

interface OptionProps {
  readonly id: string;
  readonly command: Command;
  readonly isActive: boolean;
  readonly onChoose: () => void;
}

function Option({ id, command, isActive, onChoose }: OptionProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) ref.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the message box, which keeps the focus.
    <div
      ref={ref}
      id={id}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      // Keeps the focus in the message box.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={classNames(
        "flex min-h-9 cursor-pointer flex-wrap items-baseline gap-x-3 rounded-lg px-2.5 py-1.5 hover:bg-hover max-md:min-h-11",
        isActive && "bg-selected",
      )}
    >
      <span className="font-medium">
        {command.text}
        {command.takesText && <span className="text-muted"> …</span>}
      </span>
      <span className="text-sm text-muted">{command.note}</span>
    </div>
  );
}
