import type { DocumentOutput } from "api-worker/contracts/documents";
import { api } from "../../../lib/trpc.ts";
import { ChoiceNotice } from "./choice-notice.tsx";
import type { BaseVersion, DocumentSaver } from "./document-saver.ts";
import { unmergeable } from "./unmergeable.ts";

interface ConflictNoticeProps {
  readonly document: DocumentOutput;
  readonly saver: DocumentSaver;
  /** Shows a content in the editor. */
  readonly onReplace: (content: string) => void;
}

const choices = {
  merge: "Merge both",
  mine: "Keep mine",
  theirs: "Use the newer version",
} as const;
type Choice = keyof typeof choices;

/**
 * Lets a person choose what happens to changes that were made over an older version. Whatever they
 * choose, both contents stay as versions.
 */
export function ConflictNotice(props: ConflictNoticeProps) {
  return (
    <ChoiceNotice
      label="Newer version"
      role="alert"
      text="This document was changed somewhere else. Both versions will be kept, whatever you choose."
      choices={choices}
      onChoose={(choice) => carryOut(choice, props)}
    />
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
