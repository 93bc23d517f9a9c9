import type { DocumentGetOutput } from "api-worker/contracts/documents";
import { useState } from "react";
import { errorText } from "../../../lib/error-text.ts";
import { api } from "../../../lib/trpc.ts";
import { Button } from "../../../ui/button.tsx";
import type { DocumentSaver } from "./document-saver.ts";
import { unmergeable } from "./unmergeable.ts";

interface ModelNoticeProps {
  /** The document at a version that the model made from an older one. */
  readonly data: DocumentGetOutput;
  readonly saver: DocumentSaver;
  /** Shows a content in the editor. */
  readonly onReplace: (content: string) => void;
}

type Choice = "merge" | "mine";

/**
 * Says that the model's version came after changes that the model did not know, and offers to merge
 * them. All contents stay as versions.
 */
export function ModelNotice({ data, saver, onReplace }: ModelNoticeProps) {
  const [isDismissed, setDismissed] = useState(false);
  const [pending, setPending] = useState<Choice | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (isDismissed) return null;

  async function choose(choice: Choice) {
    setPending(choice);
    setProblem(null);
    try {
      const text = await contentOf(choice, data);
      if (text === null) {
        setProblem(unmergeable(data.document.kind));
        return;
      }
      onReplace(text);
      saver.edit(() => text);
      await saver.flush();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setPending(null);
    }
  }

  const button = (choice: Choice, label: string) => (
    <Button
      isSmall
      look={choice === "merge" ? "primary" : "outline"}
      isPending={pending === choice}
      disabled={pending !== null && pending !== choice}
      onClick={() => void choose(choice)}
    >
      {label}
    </Button>
  );
  return (
    <section
      aria-label="Changed meanwhile"
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-accent-soft px-4 py-3 sm:px-6"
    >
      <p role="status" className="min-w-60 flex-1 text-pretty">
        You changed this document while the model was writing. Both versions are kept.
        {problem !== null && (
          <span role="alert" className="block text-danger">
            {problem}
          </span>
        )}
      </p>
      <div className="flex flex-wrap gap-2">
        {button("merge", "Merge both")}
        {button("mine", "Use my version")}
        <Button isSmall look="quiet" disabled={pending !== null} onClick={() => setDismissed(true)}>
          Keep the model’s
        </Button>
      </div>
    </section>
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
