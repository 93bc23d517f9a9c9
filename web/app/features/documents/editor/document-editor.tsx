import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { type RefObject, useEffect, useRef } from "react";
import { type EditorKind, editingExtensions, loadLanguage } from "./editor-setup.ts";
import { replaceAll } from "./replace-all.ts";

/** What the page may do with the editor's text. */
export interface EditorHandle {
  /** Replaces the text, and keeps the place of what stays the same. */
  readonly replace: (content: string) => void;
}

export interface DocumentEditorProps extends EditorKind {
  /** Returns the content at first. Later ones come through `handleRef`. */
  readonly readContent: () => string;
  readonly handleRef: RefObject<EditorHandle | null>;
  /** @param read returns the whole content */
  readonly onEdit: (read: () => string) => void;
  readonly onBlur: () => void;
}

/** The editor of a text or of code. Loaded only when a document is opened. */
export default function DocumentEditor(props: DocumentEditorProps) {
  const { kind, language, title, handleRef } = props;
  const parentRef = useRef<HTMLDivElement>(null);
  const viewRef = useRef<EditorView>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    let isReplacing = false;
    const view = new EditorView({
      parent: parentRef.current ?? document.body,
      state: EditorState.create({
        doc: latest.current.readContent(),
        extensions: [
          editingExtensions(kind),
          EditorView.contentAttributes.of({ "aria-label": "Content" }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || isReplacing) return;
            latest.current.onEdit(() => view.state.doc.toString());
          }),
          EditorView.domEventHandlers({ blur: () => latest.current.onBlur() }),
        ],
      }),
    });
    handleRef.current = {
      replace(content) {
        isReplacing = true;
        replaceAll(view, content);
        isReplacing = false;
      },
    };
    viewRef.current = view;
    return () => {
      handleRef.current = null;
      viewRef.current = null;
      view.destroy();
    };
  }, [kind, handleRef]);

  useEffect(() => {
    if (viewRef.current) void loadLanguage(viewRef.current, { kind, language, title });
  }, [kind, language, title]);

  return <div ref={parentRef} className="min-h-0 flex-1 overflow-hidden" />;
}
