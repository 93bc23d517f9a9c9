import type { EditorView } from "@codemirror/view";
import { isOtherText } from "../suggestions/suggestion-marks.ts";

/**
 * Replaces an editor's text by another. Only the part between the first and the last difference
 * changes, so that the caret and the scroll position stay where the text stays.
 */
export function replaceAll(view: EditorView, content: string): void {
  const before = view.state.doc.toString();
  if (before === content) return;
  const most = Math.min(before.length, content.length);
  let start = 0;
  while (start < most && before[start] === content[start]) start += 1;
  let end = 0;
  while (
    end < most - start &&
    before[before.length - 1 - end] === content[content.length - 1 - end]
  ) {
    end += 1;
  }
  const insert = content.slice(start, content.length - end);
  view.dispatch({
    changes: { from: start, to: before.length - end, insert },
    annotations: isOtherText.of(true),
  });
}
