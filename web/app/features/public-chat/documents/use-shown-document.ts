import type { DocumentShownOutput } from "api-worker/contracts/documents";
import { useEffect, useState } from "react";
import { readError } from "../../../lib/error-text.ts";
import { api } from "../../../lib/trpc.ts";

interface Loaded {
  readonly shown: DocumentShownOutput | null;
  readonly error: unknown;
}

const nothing: Loaded = { shown: null, error: null };

/**
 * Loads a version that a shared chat shows. It is kept only while the page shows it, because access
 * may end at any time.
 *
 * @param version null for one that has none yet
 */
export function useShownDocument(chatId: string, documentId: string, version: number | null) {
  const [{ shown, error }, setLoaded] = useState(nothing);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    setLoaded(nothing);
    if (version === null) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    api.documents.getShown.query({ chatId, documentId, version }, { signal }).then(
      (found) => signal.aborted || setLoaded({ shown: found, error: null }),
      (reason: unknown) => signal.aborted || setLoaded({ shown: null, error: reason }),
    );
    return () => leaving.abort();
  }, [chatId, documentId, version, tries]);
  const errorCode = error === null ? null : readError(error).errorCode;
  const isGone = ["NOT_FOUND", "UNAUTHENTICATED", "INVALID"].includes(errorCode ?? "");
  return { shown, error, isGone, retry: () => setTries((count) => count + 1) };
}
