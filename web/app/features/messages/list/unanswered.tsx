import { CircleDashed } from "lucide-react";
import { Button } from "../../../ui/button.tsx";

/** Shown below a question at the end of a chat that has no answer, from an import for example. */
export function Unanswered({ onAnswer }: { onAnswer: () => void }) {
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-wrap items-center gap-x-3 gap-y-2 px-4 text-sm text-muted sm:px-6 print:hidden">
      <p className="flex items-center gap-2">
        <CircleDashed size={16} aria-hidden className="shrink-0" />
        This message has no answer.
      </p>
      <Button isSmall className="text-ink" onClick={onAnswer}>
        Answer
      </Button>
    </div>
  );
}
