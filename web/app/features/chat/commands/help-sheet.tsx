import { X } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { commands } from "./commands.ts";

const shortcuts: readonly { readonly keys: readonly string[]; readonly note: string }[] = [
  { keys: ["Enter"], note: "Send the message" },
  { keys: ["Shift", "Enter"], note: "Begin a new line" },
  { keys: ["↑"], note: "Edit the last message, from an empty message box" },
  { keys: ["Shift", "Esc"], note: "Go to the message box" },
  { keys: ["/"], note: "Open the commands, in an empty message box" },
  { keys: ["Ctrl", "K"], note: "Search your chats" },
  { keys: ["Ctrl", "/"], note: "Open this sheet; outside of a text also by ?" },
];

/** Keyboard shortcuts and commands. Open as long as it is mounted; fetched when it is wanted. */
export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const dialogRef = useRef<HTMLDialogElement>(null);
  // Before it leaves the document: a dialog that is gone gives no focus back.
  useLayoutEffect(() => {
    const dialog = dialogRef.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is on the backdrop; keys have Escape.
    <dialog
      ref={dialogRef}
      aria-labelledby="help-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="m-auto max-h-[min(40rem,90dvh)] w-[calc(100%-2.5rem)] max-w-lg overflow-y-auto rounded-2xl border border-line bg-raised p-0 text-ink shadow-float backdrop:bg-scrim"
    >
      <div className="p-6">
        <div className="flex items-start justify-between gap-4">
          <h2 id="help-title" className="text-lg font-semibold tracking-tight">
            Shortcuts and commands
          </h2>
          <IconButton label="Close" onClick={onClose} className="-me-2 -mt-2">
            <X size={18} aria-hidden />
          </IconButton>
        </div>
        <h3 className="mt-3 mb-1 text-sm font-medium text-muted">Keyboard</h3>
        <dl>
          {shortcuts.map(({ keys, note }) => (
            <div key={note} className="flex items-center justify-between gap-4 py-1.5">
              <dd className="order-1">{note}</dd>
              <dt className="order-2 flex shrink-0 gap-1">
                {keys.map((key) => (
                  <kbd
                    key={key}
                    className="min-w-6 rounded-md border border-line bg-surface px-1.5 py-0.5 text-center font-sans text-xs"
                  >
                    {key}
                  </kbd>
                ))}
              </dt>
            </div>
          ))}
        </dl>
        <h3 className="mt-4 mb-1 text-sm font-medium text-muted">In the message box</h3>
        <dl>
          {commands.map(({ text, note }) => (
            <div key={text} className="flex items-baseline justify-between gap-4 py-1">
              <dt className="shrink-0 font-medium">{text}</dt>
              <dd className="text-end text-muted">{note}</dd>
            </div>
          ))}
        </dl>
      </div>
    </dialog>
  );
}
