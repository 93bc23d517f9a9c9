import { type ReactNode, useState } from "react";
import { errorText } from "../../../lib/error-text.ts";
import { Button } from "../../../ui/button.tsx";

interface ChoiceNoticeProps<Choice extends string> {
  /** Names the notice for assistive technology. */
  readonly label: string;
  /** Announced at once, or when the reader pauses. */
  readonly role: "alert" | "status";
  readonly text: string;
  /** The choices by their names, with their labels. The first is the recommended one. */
  readonly choices: Readonly<Record<Choice, string>>;
  /**
   * Carries a choice out.
   *
   * @returns a sentence about what did not work; null when it did
   */
  readonly onChoose: (choice: Choice) => Promise<string | null>;
  /** A further button, blocked while a choice is carried out. */
  readonly dismissal?: ((isBlocked: boolean) => ReactNode) | undefined;
}

/** A notice above a document that lets a person choose between versions. */
export function ChoiceNotice<Choice extends string>(props: ChoiceNoticeProps<Choice>) {
  const { label, role, text, choices, onChoose, dismissal } = props;
  const [pending, setPending] = useState<Choice | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function choose(choice: Choice) {
    setPending(choice);
    setProblem(null);
    try {
      setProblem(await onChoose(choice));
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setPending(null);
    }
  }

  return (
    <section
      aria-label={label}
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-accent-soft px-4 py-3 sm:px-6"
    >
      <div className="min-w-60 flex-1 text-pretty">
        <p role={role}>{text}</p>
        <p role="alert" className="text-danger empty:hidden">
          {problem}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {(Object.keys(choices) as Choice[]).map((choice, index) => (
          <Button
            key={choice}
            isSmall
            look={index === 0 ? "primary" : "outline"}
            isPending={pending === choice}
            disabled={pending !== null && pending !== choice}
            onClick={() => void choose(choice)}
          >
            {choices[choice]}
          </Button>
        ))}
        {dismissal?.(pending !== null)}
      </div>
    </section>
  );
}
