import type { UploadOutput } from "api-worker/contracts";
import { limits } from "api-worker/contracts/limits";
import { useEffect, useState } from "react";
import { useStore } from "../../../lib/store.ts";
import { type DraftFile, UploadQueue } from "../queue/upload-queue.ts";
import { uploadsApi } from "../queue/uploads-api.ts";
import { readDraftFiles, writeDraftFiles } from "./draft-files.ts";

const none: readonly DraftFile[] = [];

/**
 * Queues by chat id. An upload continues while the user visits other pages, and shows again on
 * return.
 */
const queues = new Map<string, UploadQueue>();

function queueOf(chatId: string): UploadQueue {
  // On the server each page has a queue of its own, because users must not share one.
  if (typeof document === "undefined") return new UploadQueue(uploadsApi(chatId));
  const known = queues.get(chatId);
  if (known) return known;
  const queue = new UploadQueue(uploadsApi(chatId));
  queues.set(chatId, queue);
  return queue;
}

/** The files of a draft and their actions. */
export interface DraftUploads {
  readonly files: readonly DraftFile[];
  /** Whether an upload is waiting or running. */
  readonly isUploading: boolean;
  readonly hasFailed: boolean;
  readonly hasPictures: boolean;
  add(files: readonly File[]): void;
  remove(key: string): void;
  retry(key: string): void;
  /** Puts back the files of a message that could not be sent. */
  restore(uploads: readonly UploadOutput[]): void;
  /** Returns the uploaded files for a message that is being sent, and empties the list. */
  take(): UploadOutput[];
}

/**
 * The files in the composer. Uploaded ones survive a reload.
 *
 * @param chatId the chat that the files are uploaded for
 * @param draftId the chat, or null for a chat that has not started
 * @param onProblem called with the reason when a file is left out, and with null when all are taken
 */
export function useDraftUploads(
  chatId: string,
  draftId: string | null,
  onProblem: (problem: string | null) => void,
): DraftUploads {
  const [queue] = useState(() => queueOf(chatId));
  const files = useStore(queue.store, (current) => current, none);
  // After the first render, which must match the server's.
  useEffect(() => {
    // A new chat gets its address during its first turn, and the view of the new chat may have
    // dropped the queue.
    queues.set(chatId, queue);
    queue.restore(readDraftFiles(draftId));
    if (draftId !== null) dropFromNewChat(queue.files);
    // Still saves after the page is left, so that an upload that finishes then is in the draft.
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

/**
 * Removes this chat's files from the draft of the new chat, where they were attached before the
 * chat got its address.
 */
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
