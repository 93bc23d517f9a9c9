import type { Theme } from "../../../lib/theme.ts";

/** A slash command of the message box, chosen from the list that "/" opens. */
export interface Command {
  /** The text to type. */
  readonly text: string;
  readonly note: string;
  /** Whether the command exists only in a chat that has started. */
  readonly needsChat?: boolean;
  /** Whether text follows the command. */
  readonly takesText?: boolean;
}

export const commands: readonly Command[] = [
  { text: "/new", note: "Start a new chat" },
  { text: "/model", note: "Choose a model" },
  { text: "/rename", note: "Rename this chat", needsChat: true, takesText: true },
  { text: "/export markdown", note: "Export this chat as Markdown", needsChat: true },
  { text: "/export json", note: "Export this chat as JSON, with all versions", needsChat: true },
  { text: "/print", note: "Print this chat, or save it as a PDF", needsChat: true },
  { text: "/share", note: "Share this chat", needsChat: true },
  { text: "/theme light", note: "Light theme" },
  { text: "/theme dark", note: "Dark theme" },
  { text: "/theme system", note: "Match system" },
  { text: "/delete", note: "Delete this chat", needsChat: true },
  { text: "/help", note: "Show keyboard shortcuts and commands" },
];

/** The commands that begin with the text; none if it does not start with "/". */
export function matchCommands(text: string, hasChat: boolean): Command[] {
  if (!text.startsWith("/")) return [];
  const typed = text.trimEnd().toLowerCase();
  return commands.filter(
    (command) =>
      (hasChat || !command.needsChat) &&
      (command.text.startsWith(typed) ||
        (command.takesText && typed.startsWith(`${command.text} `))),
  );
}

/** The text after a command. */
export function argumentOf(command: Command, text: string): string {
  return text.slice(command.text.length).trim();
}

/** The theme that a command selects; null for other commands. */
export function themeOf({ text }: Command): Theme | null {
  const theme = /^\/theme (system|light|dark)$/.exec(text)?.[1];
  return theme ? (theme as Theme) : null;
}
