import type { UploadOutput } from "api-worker/contracts";
import { limits } from "api-worker/contracts/limits";
import { useEffect, useState } from "react";
import { useStore } from "../../../lib/store.ts";
import { type DraftFile, UploadQueue } from "../queue/upload-queue.ts";
import { uploadsApi } from "../queue/uploads-api.ts";
import { readDraftFiles, writeDraftFiles } from "./draft-files.ts";

const none: readonly DraftFile[] = [];

/** By chat: an upload goes on while another page is shown, and is there when its own is back. */
const queues = new Map<string, UploadQueue>();

function queueOf(chatId: string): UploadQueue {
  // On the server each page has its own: readers must not share.
  if (typeof document === "undefined") return new UploadQueue(uploadsApi(chatId));
  const known = queues.get(chatId);
  if (known) return known;
  const queue = new UploadQueue(uploadsApi(chatId));
  queues.set(chatId, queue);
  return queue;
}

/** The files of the message that is being written, and what can be done with them. */
export interface DraftUploads {
  readonly files: readonly DraftFile[];
  /** Something is on its way. */
  readonly isUploading: boolean;
  readonly hasFailed: boolean;
  readonly hasPictures: boolean;
  add(files: readonly File[]): void;
  remove(key: string): void;
  retry(key: string): void;
  /** Puts in what could not be sent. */
  restore(uploads: readonly UploadOutput[]): void;
  /** Hands them out for a message that is sent. */
  take(): UploadOutput[];
}

/**
 * The files in the composer; those that are uploaded survive a reload.
 *
 * @param chatId the chat that they are given in
 * @param draftId the chat, or null for the chat that is not begun yet
 * @param onProblem told when there is no room for a file; null when there was
 */
export function useDraftUploads(
  chatId: string,
  draftId: string | null,
  onProblem: (problem: string | null) => void,
): DraftUploads {
  const [queue] = useState(() => queueOf(chatId));
  const files = useStore(queue.store, (current) => current, none);
  // After the first render, which must be as the server's.
  useEffect(() => {
    // The view before this one may have let it go: a new chat's, when the chat got its address.
    queues.set(chatId, queue);
    queue.restore(readDraftFiles(draftId));
    if (draftId !== null) dropFromNewChat(queue.files);
    // Also when the page is left: what comes to its end then is in the draft.
    queue.keep((uploads) => writeDraftFiles(draftId, uploads));
    return () => {
      if (queue.files.length === 0 && queues.get(chatId) === queue) queues.delete(chatId);
    };
  }, [queue, chatId, draftId]);
  useEffect(
    () => queue.watchTwins((name, twin) => onProblem(twinText(name, twin))),
    [queue, onProblem],
  );

  return {
    files,
    isUploading: files.some(({ state }) => state === "waiting" || state === "uploading"),
    hasFailed: files.some(({ state }) => state === "failed"),
    hasPictures: files.some(({ mediaType }) => mediaType.startsWith("image/")),
    add(added) {
      const left = queue.add(added);
      onProblem(left > 0 ? tooMany(left) : null);
    },
    remove: (key) => queue.remove(key),
    retry: (key) => queue.retry(key),
    restore: (uploads) => queue.restore(uploads),
    take: () => queue.take(),
  };
}

/** What was given to a new chat just before it got its address is that chat's. */
function dropFromNewChat(files: readonly DraftFile[]): void {
  const ids = new Set(files.map(({ upload }) => upload?.id));
  const kept = readDraftFiles(null);
  const rest = kept.filter(({ id }) => !ids.has(id));
  if (rest.length < kept.length) writeDraftFiles(null, rest);
}

function twinText(name: string, twin: string): string {
  if (name === twin) return `“${name}” is already attached.`;
  return `“${name}” is identical to “${twin}”, which is already attached.`;
}

function tooMany(left: number): string {
  const what = left === 1 ? "One file was" : `${left} files were`;
  return `You can attach up to ${limits.filesPerMessageMax} files to a message. ${what} not added.`;
}
