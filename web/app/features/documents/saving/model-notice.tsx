import type { DocumentGetOutput } from "api-worker/contracts/documents";
import { useState } from "react";
import { api } from "../../../lib/trpc.ts";
import { Button } from "../../../ui/button.tsx";
import { ChoiceNotice } from "./choice-notice.tsx";
import type { DocumentSaver } from "./document-saver.ts";
import { unmergeable } from "./unmergeable.ts";

interface ModelNoticeProps {
  /** The document at a version that the model made from an older one. */
  readonly data: DocumentGetOutput;
  readonly saver: DocumentSaver;
  /** Shows a content in the editor. */
  readonly onReplace: (content: string) => void;
}

const choices = { merge: "Merge both", mine: "Use my version" } as const;
type Choice = keyof typeof choices;

/**
 * Says that the model's version came after changes that the model did not know, and offers to merge
 * them. All contents stay as versions.
 */
export function ModelNotice({ data, saver, onReplace }: ModelNoticeProps) {
  const [isDismissed, setDismissed] = useState(false);
  if (isDismissed) return null;

  async function carryOut(choice: Choice): Promise<string | null> {
    const text = await contentOf(choice, data);
    if (text === null) return unmergeable(data.document.kind);
    onReplace(text);
    saver.edit(() => text);
    await saver.flush();
    return null;
  }

  return (
    <ChoiceNotice
      label="Changed meanwhile"
      role="status"
      text="You changed this document while the model was writing. Both versions are kept."
      choices={choices}
      onChoose={carryOut}
      dismissal={(isBlocked) => (
        <Button isSmall look="quiet" disabled={isBlocked} onClick={() => setDismissed(true)}>
          Keep the model’s
        </Button>
      )}
    />
  );
}

/** The content for a choice; null when the versions are too long to merge. */
async function contentOf(choice: Choice, data: DocumentGetOutput): Promise<string | null> {
  const documentId = data.document.id;
  const { items } = await api.documents.versions.query({ documentId, limit: 2 });
  const before = items.find(({ number }) => number === data.version.number - 1);
  if (!before) return null;
  const mine = await api.documents.get.query({ documentId, version: before.version });
  if (choice === "mine") return mine.content;
  const base = await api.documents.get.query({
    documentId,
    version: data.version.madeFrom ?? before.version,
  });
  const { mergeKind } = await import("./merge-texts.ts");
  return mergeKind(data.document.kind, base.content, mine.content, data.content)?.text ?? null;
}
