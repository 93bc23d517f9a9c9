import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { type RefObject, useEffect, useRef, useState } from "react";
import { SuggestionList, type SuggestionListProps } from "../suggestions/suggestion-list.tsx";
import { suggestionExtension } from "../suggestions/use-editor-suggestions.ts";
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
  /** The suggestions for the text, and what is decided of them. */
  readonly suggestions: Omit<SuggestionListProps, "view">;
}

/** The editor of a text or of code. Loaded only when a document is opened. */
export default function DocumentEditor(props: DocumentEditorProps) {
  const { kind, language, title, handleRef } = props;
  const parentRef = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
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
          suggestionExtension,
          // The text is focusable without the index, which tools for accessibility do not know.
          EditorView.contentAttributes.of({ "aria-label": "Content", tabindex: "0" }),
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
    setView(view);
    return () => {
      handleRef.current = null;
      setView(null);
      view.destroy();
    };
  }, [kind, handleRef]);

  useEffect(() => {
    if (view) void loadLanguage(view, { kind, language, title });
  }, [view, kind, language, title]);

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div ref={parentRef} className="min-h-0 flex-1 overflow-hidden" />
      {view && <SuggestionList view={view} {...props.suggestions} />}
    </div>
  );
}
