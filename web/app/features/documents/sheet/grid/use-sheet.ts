import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { EditorHandle } from "../../editor/document-editor.tsx";
import { readSheet, type Sheet, writeSheet } from "../csv/csv-text.ts";
import { type CellPlace, setCell } from "../csv/sheet-edits.ts";
import { addStep, noHistory, redoStep, type SheetHistory, undoStep } from "./sheet-history.ts";

export interface SheetEditorProps {
  /** Returns the content at first. Later ones come through `handleRef`. */
  readonly readContent: () => string;
  readonly handleRef: RefObject<EditorHandle | null>;
  /** @param read returns the whole content */
  readonly onEdit: (read: () => string) => void;
  readonly onBlur: () => void;
}

/** What is being typed into a cell. */
export interface CellDraft {
  readonly place: CellPlace;
  readonly value: string;
}

/** A sheet that is edited, with the steps that can be undone. */
export interface EditedSheet {
  readonly sheet: Sheet;
  readonly history: SheetHistory;
  /** Makes a change of the sheet as it is now. */
  readonly change: (edit: (sheet: Sheet) => Sheet) => void;
  /** Notes what is being typed, which counts as content; null when it was given up. */
  readonly type: (draft: CellDraft | null) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

interface Shown {
  readonly sheet: Sheet;
  readonly history: SheetHistory;
}

/** Keeps a sheet and its history, and tells each edit to the page. */
export function useSheet(props: SheetEditorProps): EditedSheet {
  const { handleRef } = props;
  const latest = useRef(props);
  latest.current = props;
  const [shown, setShown] = useState<Shown>(() => ({
    sheet: readSheet(props.readContent()),
    history: noHistory,
  }));
  const shownRef = useRef(shown);
  const draftRef = useRef<CellDraft | null>(null);

  const actions = useMemo(() => {
    const read = () => {
      const { sheet } = shownRef.current;
      const draft = draftRef.current;
      return writeSheet(draft ? setCell(sheet, draft.place, draft.value) : sheet);
    };
    const show = (next: Shown | null) => {
      if (next === null) return;
      draftRef.current = null;
      shownRef.current = next;
      setShown(next);
      latest.current.onEdit(read);
    };
    return {
      read,
      change(edit: (sheet: Sheet) => Sheet) {
        const { sheet: before, history } = shownRef.current;
        const sheet = edit(before);
        if (sheet !== before) show({ sheet, history: addStep(history, before) });
        else if (draftRef.current !== null) actions.type(null);
      },
      type(draft: CellDraft | null) {
        draftRef.current = draft;
        latest.current.onEdit(read);
      },
      undo: () => show(undoStep(shownRef.current.history, shownRef.current.sheet)),
      redo: () => show(redoStep(shownRef.current.history, shownRef.current.sheet)),
    };
  }, []);

  useLayoutEffect(() => {
    handleRef.current = {
      replace(content) {
        if (actions.read() === content) return;
        const { sheet, history } = shownRef.current;
        draftRef.current = null;
        shownRef.current = { sheet: readSheet(content), history: addStep(history, sheet) };
        setShown(shownRef.current);
      },
    };
    return () => {
      handleRef.current = null;
    };
  }, [handleRef, actions]);

  return { ...shown, ...actions };
}
