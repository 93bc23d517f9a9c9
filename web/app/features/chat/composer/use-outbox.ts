import { useEffect, useRef, useState } from "react";
import type { DraftUploads } from "../../uploads/draft/use-draft-uploads.ts";

interface OutboxOptions {
  readonly uploads: DraftUploads;
  /** Nothing can be sent now, files or not. */
  readonly isBlocked: boolean;
  readonly onProblem: (problem: string | null) => void;
  /** Sends what is there, text and files. */
  readonly onSend: () => void;
}

const failedSentence = "A file couldn’t be uploaded. Retry it or remove it.";

/** Sends a message at once, or as soon as its files are uploaded. */
export function useOutbox({ uploads, isBlocked, onProblem, onSend }: OutboxOptions) {
  const [isWaiting, setWaiting] = useState(false);
  const latest = useRef({ onSend, onProblem });
  useEffect(() => {
    latest.current = { onSend, onProblem };
  });
  const { isUploading, hasFailed } = uploads;

  useEffect(() => {
    if (!isWaiting || (isUploading && !hasFailed)) return;
    setWaiting(false);
    if (hasFailed) latest.current.onProblem(failedSentence);
    else if (!isBlocked) latest.current.onSend();
  }, [isWaiting, isUploading, hasFailed, isBlocked]);

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
