import { type ReactNode, type RefObject, useState } from "react";
import { useNavigate } from "react-router";
import { errorText } from "../../../lib/error-text.ts";
import { setTheme } from "../../../lib/theme.ts";
import { lazyModal } from "../../../ui/lazy-modal.tsx";
import { useDeleteChat } from "../../chats/deletion/use-delete-chat.ts";
import { useRenameChat } from "../../chats/use-chat-changes.ts";
import { argumentOf, type Command, themeOf } from "./commands.ts";
import { isExport, saveChat } from "./run-command.ts";
import { useCommands } from "./use-commands.ts";
import { useShortcuts } from "./use-shortcuts.ts";

const HelpSheet = lazyModal(() => import("./help-sheet.tsx"));
const ShareDialog = lazyModal(() => import("../../chats/share/share-dialog.tsx"));

interface ChatCommandsOptions {
  readonly chatId: string;
  readonly title: string | undefined;
  readonly isSaved: boolean;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly textboxRef: RefObject<HTMLTextAreaElement | null>;
  /** The element with the button that opens the models. */
  readonly pickerRef: RefObject<HTMLElement | null>;
  readonly onPrint: () => void;
  /** Called with the reason when a command fails, and with null when one succeeds. */
  readonly onProblem: (problem: string | null) => void;
}

/** Runs slash commands and the page's keyboard shortcuts. */
export function useChatCommands(options: ChatCommandsOptions) {
  const { chatId, title, isSaved, text, onChange, textboxRef, pickerRef, onPrint, onProblem } =
    options;
  const navigate = useNavigate();
  const rename = useRenameChat();
  const remove = useDeleteChat();
  const [sheet, setSheet] = useState<"help" | "share" | null>(null);
  useShortcuts(textboxRef, () => setSheet("help"));

  const onRun = (command: Command, typed: string) => {
    onProblem(null);
    const fail = (error: unknown) => onProblem(errorText(error));
    const theme = themeOf(command);
    if (theme) setTheme(theme);
    else if (isExport(command.text)) void saveChat(chatId, command.text).catch(fail);
    else if (command.text === "/new") navigate("/");
    else if (command.text === "/model") pickerRef.current?.querySelector("button")?.click();
    else if (command.text === "/print") onPrint();
    else if (command.text === "/help") setSheet("help");
    else if (command.text === "/share") setSheet("share");
    else if (command.text === "/delete") remove({ id: chatId, title: title ?? "This chat" });
    else if (command.text === "/rename") {
      rename.mutate({ chatId, title: argumentOf(command, typed) }, { onError: fail });
    }
  };
  const commands = useCommands({ text, onChange, hasChat: isSaved, onRun });

  const close = () => setSheet(null);
  let dialog: ReactNode = null;
  if (sheet === "help") dialog = <HelpSheet onClose={close} />;
  else if (sheet === "share") {
    dialog = <ShareDialog chat={{ id: chatId }} onClose={close} />;
  }
  return { commands, dialog };
}
