import { type EnterKey, useEnterKey } from "../../../lib/enter-key.ts";
import { Modal } from "../../../ui/modal.tsx";
import { commands } from "./commands.ts";

interface Shortcut {
  readonly keys: readonly string[];
  readonly note: string;
}

/** The keys that send a message and add a line, by what Enter does. */
const enterShortcuts: Record<EnterKey, readonly Shortcut[]> = {
  send: [
    { keys: ["Enter"], note: "Send the message" },
    { keys: ["Shift", "Enter"], note: "Add a new line" },
  ],
  line: [
    { keys: ["Enter"], note: "Add a new line" },
    { keys: ["Ctrl", "Enter"], note: "Send the message" },
  ],
};

const shortcuts: readonly Shortcut[] = [
  { keys: ["↑"], note: "Edit your last message (when the message box is empty)" },
  { keys: ["Shift", "Esc"], note: "Focus the message box" },
  { keys: ["/"], note: "Show commands (when the message box is empty)" },
  { keys: ["Ctrl", "K"], note: "Search chats and documents" },
  { keys: ["Ctrl", "P"], note: "Print this chat, or save it as a PDF" },
  { keys: ["Ctrl", "/"], note: "Show this list (or press ? outside a text field)" },
];

/** Lists keyboard shortcuts and commands. Open as long as it is mounted; loaded on demand. */
export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const enterKey = useEnterKey();
  return (
    <Modal
      title="Keyboard shortcuts and commands"
      hasCloseButton
      onClose={onClose}
      className="max-h-[min(40rem,90dvh)] max-w-lg overflow-y-auto"
    >
      <h3 className="mt-3 mb-1 text-sm font-medium text-muted">Keyboard</h3>
      <dl>
        {[...enterShortcuts[enterKey], ...shortcuts].map(({ keys, note }) => (
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
      <p className="mt-1 text-sm text-muted">
        Choose what Enter does in the account menu, below your chats.
      </p>
      <h3 className="mt-4 mb-1 text-sm font-medium text-muted">Commands in the message box</h3>
      <dl>
        {commands.map(({ text, note }) => (
          <div key={text} className="flex items-baseline justify-between gap-4 py-1">
            <dt className="shrink-0 font-medium">{text}</dt>
            <dd className="text-end text-muted">{note}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
