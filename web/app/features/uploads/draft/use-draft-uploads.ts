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

/** Whether a chat's draft has files, uploaded or not. */
export function hasDraftFiles(chatId: string): boolean {
  const isUploading = (queues.get(chatId)?.files.length ?? 0) > 0;
  return isUploading || readDraftFiles(chatId).length > 0;
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
 * @param onProblem called with the reason when a file is left out, and with null when all are taken
 */
export function useDraftUploads(
  chatId: string,
  onProblem: (problem: string | null) => void,
): DraftUploads {
  const [queue] = useState(() => queueOf(chatId));
  const files = useStore(queue.store, (current) => current, none);
  // After the first render, which must match the server's.
  useEffect(() => {
    // The cleanup below may have dropped it.
    queues.set(chatId, queue);
    queue.restore(readDraftFiles(chatId));
    // Still saves after the page is left, so that an upload that finishes then is in the draft.
    queue.keep((uploads) => writeDraftFiles(chatId, uploads));
    return () => {
      if (queue.files.length === 0 && queues.get(chatId) === queue) queues.delete(chatId);
    };
  }, [queue, chatId]);
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

function twinText(name: string, twin: string): string {
  if (name === twin) return `“${name}” is already attached.`;
  return `“${name}” is identical to “${twin}”, which is already attached.`;
}

function tooMany(left: number): string {
  const what = left === 1 ? "One file was" : `${left} files were`;
  return `You can attach up to ${limits.filesPerMessageMax} files to a message. ${what} not added.`;
}
