import { Info } from "lucide-react";

/** What a reader hears and sees about an answer that was interrupted and went on by itself. */
export const restartSentence = "This answer was interrupted and continued automatically.";

/** Says that an answer was interrupted and went on by itself. */
export function RestartNote() {
  return (
    <p className="flex gap-2 text-sm text-muted">
      <Info size={16} aria-hidden className="mt-0.5 shrink-0" />
      {restartSentence}
    </p>
  );
}
