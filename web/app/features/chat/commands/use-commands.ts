import { type KeyboardEvent, useId, useState } from "react";
import { optionId } from "./command-list.tsx";
import { type Command, matchCommands } from "./commands.ts";

interface CommandsOptions {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly hasChat: boolean;
  readonly onRun: (command: Command, text: string) => void;
}

/** The commands that match the text in the message box, and the keys that move through them. */
export function useCommands({ text, onChange, hasChat, onRun }: CommandsOptions) {
  const listId = useId();
  const [activeText, setActiveText] = useState<string>();
  /** The text for which the list was closed. */
  const [closedFor, setClosedFor] = useState<string>();
  const matching = closedFor === text ? [] : matchCommands(text, hasChat);
  const active = matching.find((command) => command.text === activeText) ?? matching[0];

  const choose = (command: Command) => {
    const isUnfinished = command.takesText && text.trim().length <= command.text.length;
    onChange(isUnfinished ? `${command.text} ` : "");
    if (!isUnfinished) onRun(command, text);
  };
  /**
   * Handles a key of the list.
   *
   * @param event a key that belongs to no input method
   * @returns whether the list used the key
   */
  const takeKey = (event: KeyboardEvent): boolean => {
    if (!active || event.shiftKey) return false;
    const at = matching.indexOf(active);
    if (event.key === "ArrowDown") setActiveText(matching[(at + 1) % matching.length]?.text);
    else if (event.key === "ArrowUp") setActiveText(matching.at(at - 1)?.text);
    else if (event.key === "Enter") choose(active);
    else if (event.key === "Tab") onChange(active.takesText ? `${active.text} ` : active.text);
    else if (event.key === "Escape") setClosedFor(text);
    else return false;
    event.preventDefault();
    return true;
  };
  return {
    list: { id: listId, commands: matching, active, onChoose: choose },
    activeId: active && optionId(listId, active),
    takeKey,
  };
}
