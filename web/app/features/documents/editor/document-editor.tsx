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
  /** The content at first. Later ones come through `handleRef`. */
  readonly initialContent: string;
  readonly handleRef: RefObject<EditorHandle | null>;
  /** @param read returns the whole content */
  readonly onEdit: (read: () => string) => void;
  readonly onBlur: () => void;
}

/** The editor of a text or of code. Loaded only when a document is opened. */
export default function DocumentEditor(props: DocumentEditorProps) {
  const { kind, language, handleRef } = props;
  const parentRef = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    let isReplacing = false;
    const view = new EditorView({
      parent: parentRef.current ?? document.body,
      state: EditorState.create({
        doc: latest.current.initialContent,
        extensions: [
          editingExtensions({ kind, language }),
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
    void loadLanguage(view, { kind, language });
    return () => {
      handleRef.current = null;
      view.destroy();
    };
  }, [kind, language, handleRef]);

  return <div ref={parentRef} className="min-h-0 flex-1 overflow-hidden" />;
}
