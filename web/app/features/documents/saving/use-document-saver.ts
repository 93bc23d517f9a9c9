import type { DocumentGetOutput } from "api-worker/contracts/documents";
import { useEffect, useRef, useState } from "react";
import { v4 as uuid } from "uuid";
import { useStore } from "../../../lib/store.ts";
import { api, trpc } from "../../../lib/trpc.ts";
import { onWake } from "../../../lib/wake.ts";
import { DocumentSaver, type SaverState } from "./document-saver.ts";
import { isOlderThanSaved, noteSaved, openEditPlace, takeKeptEdit } from "./kept-edit.ts";

const timers = {
  set: (callback: () => void, delayMs: number) => setTimeout(callback, delayMs),
  clear: (timer: unknown) => clearTimeout(timer as number),
};

/**
 * Saves a document while it is edited, and takes up what an earlier page has left unsaved.
 *
 * @param data the document as it was when the page opened
 * @returns null until the browser has looked for unsaved edits
 */
export function useDocumentSaver(data: DocumentGetOutput): DocumentSaver | null {
  const [saver, setSaver] = useState<DocumentSaver | null>(null);
  const utils = trpc.useUtils();
  const first = useRef(data);
  const documentId = data.document.id;

  useEffect(() => {
    let isOpen = true;
    let close = () => {};
    const open = async () => {
      const kept = await takeKeptEdit(documentId, () => isOpen);
      let newest = first.current;
      if (kept === null && isOlderThanSaved(documentId, newest.version.version)) {
        // If this fails, the first save finds the newer version.
        const load = utils.documents.get.fetch({ documentId }, { staleTime: 0 });
        newest = await load.catch(() => newest);
      }
      if (!isOpen) return;
      const place = openEditPlace(documentId, uuid());
      const { version, content } = newest;
      const opened = new DocumentSaver(
        {
          async save(input) {
            const document = await api.documents.save.mutate({ documentId, ...input });
            noteSaved(documentId, document.version);
            void utils.documents.list.invalidate();
            void utils.documents.versions.invalidate({ documentId });
            return document;
          },
          keep: place.keep,
          newId: uuid,
          timers,
        },
        { version: version.version, content },
        kept,
      );
      if (opened.state.value.status === "unsaved") void opened.flush();
      const onHide = () => void opened.flush();
      const stopWaking = onWake(() => opened.retry());
      document.addEventListener("visibilitychange", onHide);
      addEventListener("pagehide", onHide);
      close = () => {
        document.removeEventListener("visibilitychange", onHide);
        removeEventListener("pagehide", onHide);
        stopWaking();
        // Leaving within the app: saved in the background; what fails stays kept.
        void opened.saveAll().finally(() => {
          opened.close();
          place.release();
          void utils.documents.get.invalidate({ documentId });
        });
      };
      setSaver(opened);
    };
    void open();
    return () => {
      isOpen = false;
      close();
      setSaver(null);
    };
  }, [documentId, utils]);

  return saver;
}

const idle: SaverState = { status: "saved", problem: null, version: 0 };

/** The saver's state, for rendering. */
export function useSaverState(saver: DocumentSaver): SaverState {
  return useStore(saver.state, (state) => state, idle);
}
