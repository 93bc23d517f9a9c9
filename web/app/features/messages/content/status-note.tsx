import type { FailureCode, MessageStatus } from "api-worker/contracts";
import { endSentences, failureSentences } from "api-worker/contracts/failures";
import { CircleAlert, CirclePause } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../../../ui/class-names.ts";

interface StatusNoteProps {
  readonly status: MessageStatus;
  readonly errorCode: string | null | undefined;
  readonly actions: ReactNode;
}

/** Says how an incomplete answer ended, and offers actions for it. */
export function StatusNote({ status, errorCode, actions }: StatusNoteProps) {
  const sentence = statusSentence(status, errorCode);
  if (!sentence && !actions) return null;
  const isFailure = status === "failed";
  const Picture = isFailure ? CircleAlert : CirclePause;
  return (
    <div
      className={
        isFailure
          ? "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-danger-soft px-3.5 py-2.5 text-sm"
          : "flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-muted"
      }
    >
      {sentence && (
        <p className={classNames("flex min-w-0 items-start gap-2", isFailure && "flex-1")}>
          <Picture
            size={16}
            aria-hidden
            className={isFailure ? "mt-0.75 shrink-0 text-danger" : "mt-0.75 shrink-0"}
          />
          {sentence}
        </p>
      )}
      {actions && <div className="contents print:hidden">{actions}</div>}
    </div>
  );
}

/** A sentence about how an answer ended; undefined while it is live and when it is complete. */
export function statusSentence(
  status: MessageStatus,
  errorCode: string | null | undefined,
): string | undefined {
  if (status === "stopped" || status === "interrupted") return endSentences[status];
  if (status !== "failed") return undefined;
  return failureSentences[errorCode as FailureCode] ?? failureSentences.unavailable;
}
