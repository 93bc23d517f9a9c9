import type { Theme } from "../../../lib/theme.ts";

/** What the message box can do besides sending: chosen from the list that "/" opens. */
export interface Command {
  /** What one types. */
  readonly text: string;
  readonly note: string;
  /** Only in a chat that has begun. */
  readonly needsChat?: boolean;
  /** The person goes on writing behind it. */
  readonly takesText?: boolean;
}

export const commands: readonly Command[] = [
  { text: "/new", note: "Start a new chat" },
  { text: "/model", note: "Choose a model" },
  { text: "/rename", note: "Rename this chat", needsChat: true, takesText: true },
  { text: "/export markdown", note: "Export this chat as Markdown", needsChat: true },
  { text: "/export json", note: "Export this chat as JSON, with all versions", needsChat: true },
  { text: "/share", note: "Share this chat", needsChat: true },
  { text: "/theme light", note: "Light theme" },
  { text: "/theme dark", note: "Dark theme" },
  { text: "/theme system", note: "Match system" },
  { text: "/delete", note: "Delete this chat", needsChat: true },
  { text: "/help", note: "Show keyboard shortcuts and commands" },
];

/** The commands that begin as the text does; none for a text that is no command. */
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

/** What is written behind a command. */
export function argumentOf(command: Command, text: string): string {
  return text.slice(command.text.length).trim();
}

/** The theme that a command names. */
export function themeOf({ text }: Command): Theme | null {
  const theme = /^\/theme (system|light|dark)$/.exec(text)?.[1];
  return theme ? (theme as Theme) : null;
}
