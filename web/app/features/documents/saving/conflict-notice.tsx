import type { DocumentOutput } from "api-worker/contracts/documents";
import { useState } from "react";
import { errorText } from "../../../lib/error-text.ts";
import { api } from "../../../lib/trpc.ts";
import { Button } from "../../../ui/button.tsx";
import type { BaseVersion, DocumentSaver } from "./document-saver.ts";
import { unmergeable } from "./unmergeable.ts";

interface ConflictNoticeProps {
  readonly document: DocumentOutput;
  readonly saver: DocumentSaver;
  /** Shows a content in the editor. */
  readonly onReplace: (content: string) => void;
}

type Choice = "merge" | "mine" | "theirs";

/**
 * Lets a person choose what happens to changes that were made over an older version. Whatever they
 * choose, both contents stay as versions.
 */
export function ConflictNotice({ document, saver, onReplace }: ConflictNoticeProps) {
  const [pending, setPending] = useState<Choice | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function choose(choice: Choice) {
    setPending(choice);
    setProblem(null);
    try {
      setProblem(await carryOut(choice, { document, saver, onReplace }));
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
      aria-label="Newer version"
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-accent-soft px-4 py-3 sm:px-6"
    >
      <p role="alert" className="min-w-60 flex-1 text-pretty">
        This document was changed somewhere else. Both versions will be kept, whatever you choose.
        {problem !== null && <span className="block text-danger">{problem}</span>}
      </p>
      <div className="flex flex-wrap gap-2">
        {button("merge", "Merge both")}
        {button("mine", "Keep mine")}
        {button("theirs", "Use the newer version")}
      </div>
    </section>
  );
}

/** @returns a sentence about what did not work; null when it did */
async function carryOut(
  choice: Choice,
  { document, saver, onReplace }: ConflictNoticeProps,
): Promise<string | null> {
  const { id: documentId, kind } = document;
  const { base, content: mine } = saver;
  const newest = await api.documents.get.query({ documentId });
  const theirs: BaseVersion = { version: newest.version.version, content: newest.content };
  const merged =
    choice === "merge"
      ? (await import("./merge-texts.ts")).mergeKind(kind, base.content, mine, theirs.content)
      : null;
  if (choice === "merge" && merged === null) {
    return unmergeable(kind);
  }
  if (!(await saver.saveOver(theirs))) return null;
  if (choice === "theirs") {
    const restored = await api.documents.restore.mutate({ documentId, version: theirs.version });
    saver.resolve({ version: restored.version, content: theirs.content });
    onReplace(theirs.content);
  }
  if (merged) {
    onReplace(merged.text);
    saver.edit(() => merged.text);
    await saver.flush();
  }
  return null;
}
