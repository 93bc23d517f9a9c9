import { listStored, readStored, writeStored } from "../../../lib/local-storage.ts";
import type { KeptEdit } from "./document-saver.ts";

const prefix = "document:";
const lockName = (name: string) => `alleato:${name}`;

/** Where an editor keeps what is not saved: one place for each editor, in one browser. */
export interface EditPlace {
  readonly keep: (edit: KeptEdit | null) => void;
  readonly release: () => void;
}

/**
 * Opens a place for an editor. A lock says that its page is alive, so that no other takes its edit
 * over.
 */
export function openEditPlace(documentId: string, editorId: string): EditPlace {
  const name = `${prefix}${documentId}:${editorId}`;
  const closed = Promise.withResolvers<void>();
  void navigator.locks?.request(lockName(name), () => closed.promise).catch(() => {});
  return {
    keep: (edit) => writeStored(name, edit === null ? null : JSON.stringify(edit)),
    release: closed.resolve,
  };
}

/**
 * Takes over an edit of this document that a page has left behind: one that was reloaded, closed or
 * has crashed.
 *
 * @param isWanted whether the caller is still open, once the browser has said which pages are alive
 * @returns the edit; null when there is none
 */
export async function takeKeptEdit(
  documentId: string,
  isWanted: () => boolean,
): Promise<KeptEdit | null> {
  const names = listStored(`${prefix}${documentId}:`);
  if (names.length === 0) return null;
  const held = (await navigator.locks?.query())?.held ?? [];
  if (!isWanted()) return null;
  const isAlive = (name: string) => held.some((lock) => lock.name === lockName(name));
  for (const name of names.filter((one) => !isAlive(one))) {
    const edit = parse(readStored(name));
    writeStored(name, null);
    if (edit) return edit;
  }
  return null;
}

const savedName = "saved-document";

/** Notes the version that this tab has just saved, for the tab's next page. */
export function noteSaved(documentId: string, version: number): void {
  writeStored(savedName, `${documentId}:${version}`, "tab");
}

/** Whether this tab has saved a newer version: a page that loads during the save comes without it. */
export function isOlderThanSaved(documentId: string, version: number): boolean {
  const [id, saved] = (readStored(savedName, "tab") ?? "").split(":");
  return id === documentId && Number(saved) > version;
}

function parse(stored: string | null): KeptEdit | null {
  try {
    const { base, content, pending } = JSON.parse(stored ?? "{}") as Partial<KeptEdit>;
    const isEdit =
      typeof base?.version === "number" &&
      typeof base.content === "string" &&
      typeof content === "string";
    if (!isEdit) return null;
    const isPending = typeof pending?.saveId === "string" && typeof pending.content === "string";
    return { base, content, pending: isPending ? pending : null };
  } catch {
    return null;
  }
}
