import type { DocumentOutput } from "api-worker/contracts/documents";
import { hasSuggestions } from "api-worker/contracts/suggestion-kinds";
import type { SuggestionState } from "api-worker/contracts/suggestions";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { readError } from "../../../lib/error-text.ts";
import { api, trpc } from "../../../lib/trpc.ts";
import { onWake } from "../../../lib/wake.ts";
import type { DocumentSaver } from "../saving/document-saver.ts";
import { useSaverState } from "../saving/use-document-saver.ts";
import { DecisionSender } from "./decision-sender.ts";

type Decisions = ReadonlyMap<string, SuggestionState>;

const noDecisions: Decisions = new Map();

/**
 * The open suggestions for a document, and a listener for decisions. What is accepted is in the text
 * first: the decision is sent once the text is saved.
 */
export function useSuggestions(
  { id: documentId, kind }: Pick<DocumentOutput, "id" | "kind">,
  saver: DocumentSaver,
) {
  const utils = trpc.useUtils();
  const { data } = trpc.documents.suggestions.list.useQuery(
    { documentId },
    { staleTime: 30_000, refetchOnWindowFocus: "always", enabled: hasSuggestions(kind) },
  );
  const [decisions, setDecisions] = useState(noDecisions);
  const { status } = useSaverState(saver);
  const sender = useRef<DecisionSender>(null);

  useEffect(() => {
    const opened = new DecisionSender({
      send: (suggestionIds, state) =>
        api.documents.suggestions.resolve.mutate({
          ...{ documentId, suggestionIds: [...suggestionIds], state },
        }),
      isLost: (error) => readError(error).errorCode === "NOT_FOUND",
      isSaved: () => saver.state.value.status === "saved",
      onSent: () => void utils.documents.suggestions.list.invalidate({ documentId }),
    });
    sender.current = opened;
    const stopWaking = onWake(() => void opened.flush());
    return () => {
      stopWaking();
      sender.current = null;
      void saver.saveAll().then(() => opened.close());
    };
  }, [documentId, saver, utils]);

  useEffect(() => {
    if (decisions !== noDecisions) void saver.flush();
  }, [decisions, saver]);
  useEffect(() => {
    // Most often the text is being saved now, and this runs again when it is.
    if (status !== "saving") void sender.current?.decide(decisions);
  }, [decisions, status]);

  const onDecide = useCallback((made: Decisions) => {
    setDecisions((before) => new Map([...before, ...made]));
  }, []);
  const items = data?.items;
  const suggestions = useMemo(
    () => (items ?? []).filter(({ id }) => (decisions.get(id) ?? "open") === "open"),
    [items, decisions],
  );
  return useMemo(() => ({ suggestions, onDecide }), [suggestions, onDecide]);
}
