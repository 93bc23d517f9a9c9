import { type ReactNode, useEffect, useState } from "react";
import { trpc } from "../../../lib/trpc.ts";
import { preloadMarkdown } from "../../messages/markdown/lazy-markdown.tsx";
import type { WantedTurn } from "../../messages/wanted-turn.ts";
import type { ModelChoice } from "../../models/use-model.ts";
import { StorageFullNote } from "../../storage/storage-full-note.tsx";
import type { DocumentSaver } from "../saving/document-saver.ts";
import type { ToolbarAction } from "./toolbar-items.ts";

/** What asking needs of the chat beside the document. */
export interface AskedChat {
  readonly session: {
    /** @returns whether the turn has begun, once that is known; null when it cannot be asked now */
    readonly start: (wanted: WantedTurn) => Promise<boolean> | null;
    readonly state: { readonly problem: string | null; readonly isStorageFull: boolean };
  };
  readonly isUnderWay: boolean;
  readonly modelChoice: Pick<ModelChoice, "chosenId">;
}

/** What is asked of the model about a document, and whether anything can be asked now. */
export interface DocumentAsks {
  /** The label of the toolbar's item whose answer is under way; null for none. */
  readonly pendingLabel: string | null;
  /** Why nothing can be asked now; null when it can. */
  readonly blocked: string | null;
  /** Why the last press did nothing; null when it did. */
  readonly problem: ReactNode;
  readonly ask: (press: DocumentPress) => void;
  /** Says why nothing can be asked now. */
  readonly tellBlocked: () => void;
}

interface DocumentPress {
  /** The label of the toolbar's item. */
  readonly label: string;
  readonly action: ToolbarAction;
  readonly title: string;
  readonly saver: DocumentSaver;
}

const answering = "An answer is being written. Wait for it to finish, or stop it.";
const unsaved = "Your changes aren’t saved yet, so the model wouldn’t see them.";
const refused = "This can’t be asked now. The chat says why.";

/**
 * Sends the requests of a document's toolbar as messages of its chat. What is edited is saved first,
 * because the model reads the document as it is saved.
 */
export function useDocumentAsks({ session, isUnderWay, modelChoice }: AskedChat): DocumentAsks {
  const utils = trpc.useUtils();
  const [pendingLabel, setPendingLabel] = useState<string | null>(null);
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ReactNode>(null);
  const isBusy = isUnderWay || isStarting;
  useEffect(() => {
    if (isBusy) return;
    setPendingLabel(null);
    setProblem((shown: ReactNode) => (shown === answering ? null : shown));
  }, [isBusy]);

  async function start({ action, title, saver }: DocumentPress): Promise<ReactNode> {
    if (!(await saver.saveAll())) return unsaved;
    preloadMarkdown();
    const modelId = modelChoice.chosenId;
    const begun = session.start({ kind: "send", text: action.ask(`“${title}”`), modelId });
    if (begun === null) return refused;
    if (await begun) {
      // The model of a message is the viewer's default from then on.
      if (modelId !== undefined) void utils.models.list.invalidate();
      return null;
    }
    const { problem: reason, isStorageFull } = session.state;
    return isStorageFull && reason ? StorageFullNote({ text: reason }) : (reason ?? refused);
  }

  return {
    pendingLabel,
    blocked: isBusy ? answering : null,
    problem,
    ask(press) {
      if (isBusy) return setProblem(answering);
      setProblem(null);
      setPendingLabel(press.label);
      setStarting(true);
      void start(press)
        .catch(() => refused)
        .then((reason) => {
          setProblem(reason);
          setStarting(false);
        });
    },
    tellBlocked: () => setProblem(answering),
  };
}
