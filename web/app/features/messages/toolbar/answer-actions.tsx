import { Button } from "../../../ui/button.tsx";
import { isBlank } from "../is-blank.ts";
import { type ChatMessage, canContinue, needsAnother } from "../message.ts";

interface AnswerActionsProps {
  /** The last message of the chat. */
  readonly message: ChatMessage;
  readonly isLost: boolean;
  readonly onReconnect: () => void;
  /** null, like `onRegenerate`, when the chat is read-only. */
  readonly onContinue: (() => void) | null;
  /** Regenerates the answer. */
  readonly onRegenerate: ((messageId: string) => void) | null;
}

/** Actions for the last answer when it ended early or cannot be reached. */
export function answerActions(props: AnswerActionsProps) {
  const { message, isLost, onReconnect, onContinue, onRegenerate } = props;
  if (message.role !== "assistant") return undefined;
  if (isLost) {
    return (
      <>
        <p>Connection lost. The answer will resume when you’re back online.</p>
        <SmallButton onClick={onReconnect}>Reconnect now</SmallButton>
      </>
    );
  }
  if (!onContinue || !onRegenerate) return undefined;
  if (needsAnother(message)) {
    return <SmallButton onClick={() => onRegenerate(message.id)}>Try again</SmallButton>;
  }
  if (!canContinue(message)) return undefined;
  return (
    <SmallButton onClick={onContinue}>{isBlank(message) ? "Try again" : "Continue"}</SmallButton>
  );
}

function SmallButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button isSmall className="text-ink" onClick={onClick}>
      {children}
    </Button>
  );
}
