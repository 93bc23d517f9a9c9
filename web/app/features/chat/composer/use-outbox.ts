import { useEffect, useEffectEvent, useState } from "react";
import type { DraftUploads } from "../../uploads/draft/use-draft-uploads.ts";

interface OutboxOptions {
  readonly uploads: DraftUploads;
  /** Whether sending is blocked, with or without files. */
  readonly isBlocked: boolean;
  readonly onProblem: (problem: string | null) => void;
  /** Sends the draft's text and files. */
  readonly onSend: () => void;
}

const failedSentence = "A file couldn’t be uploaded. Retry it or remove it.";

/** Sends a message at once, or as soon as its files are uploaded. */
export function useOutbox({ uploads, isBlocked, onProblem, onSend }: OutboxOptions) {
  const [isWaiting, setWaiting] = useState(false);
  const { isUploading, hasFailed } = uploads;
  const isSettled = !isUploading || hasFailed;

  const stopWaiting = useEffectEvent(() => {
    setWaiting(false);
    if (hasFailed) onProblem(failedSentence);
    else if (!isBlocked) onSend();
  });
  useEffect(() => {
    if (isWaiting && isSettled) stopWaiting();
  }, [isWaiting, isSettled]);

  return {
    isWaiting,
    send() {
      if (isBlocked) return;
      if (hasFailed) onProblem(failedSentence);
      else if (isUploading) setWaiting(true);
      else onSend();
    },
    cancel: () => setWaiting(false),
  };
}
