import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { baseExtensions, type EditorKind, loadLanguage } from "../editor/editor-setup.ts";

interface VersionDiffProps extends EditorKind {
  readonly label: string;
  /** The older content. */
  readonly before: string;
  readonly after: string;
}

/** The most time that a comparison takes, in ms. Beyond it, whole parts are shown as changed. */
const timeoutMs = 400;

/** The changes from one version to another, in the newer one's text. */
export default function VersionDiff(props: VersionDiffProps) {
  const { kind, language, title, label, before, after } = props;
  const parentRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const view = new EditorView({
      parent: parentRef.current ?? document.body,
      state: EditorState.create({
        doc: after,
        extensions: [
          baseExtensions(kind),
          EditorState.readOnly.of(true),
          // Focusable without the index, which tools for accessibility do not know.
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            highlightChanges: true,
            gutter: true,
            allowInlineDiffs: kind === "text",
            // The first version is compared with itself, and is shown as a whole.
            ...(before !== after && { collapseUnchanged: { margin: 4, minSize: 12 } }),
            diffConfig: { scanLimit: 2_000, timeout: timeoutMs },
          }),
        ],
      }),
    });
    void loadLanguage(view, { kind, language, title });
    return () => view.destroy();
  }, [kind, language, title, label, before, after]);
  return <div ref={parentRef} className="min-h-0 flex-1 overflow-hidden" />;
}
