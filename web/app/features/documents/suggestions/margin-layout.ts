/** Places the cards of suggestions beside their lines. */
import type { EditorView } from "@codemirror/view";
import { openSuggestions } from "./suggestion-marks.ts";

/** Between two cards, and between the text and its margin, in px. */
const gapPx = 8;
const besidePx = 16;

interface Layout {
  readonly left: number;
  readonly tops: ReadonlyMap<HTMLElement, number>;
}

/**
 * Moves each card beside the line of its text, or below the card before it, once the editor has
 * measured its lines.
 *
 * @param margin the element with the cards, which scrolls with the text
 */
export function placeCards(view: EditorView, margin: HTMLElement): void {
  view.requestMeasure<Layout>({
    key: margin,
    read: () => readLayout(view, margin),
    write: ({ left, tops }) => {
      margin.style.left = `${left}px`;
      for (const [card, top] of tops) card.style.top = `${top}px`;
    },
  });
}

function readLayout(view: EditorView, margin: HTMLElement): Layout {
  const cards = new Map(
    Array.from(margin.querySelectorAll<HTMLElement>("[data-suggestion-card]"), (card) => [
      card.getAttribute("data-suggestion-card"),
      card,
    ]),
  );
  const tops = new Map<HTMLElement, number>();
  const head = margin.querySelector<HTMLElement>("[data-suggestion-head]");
  let free = (head?.offsetHeight ?? 0) + gapPx;
  for (const { suggestion, from } of openSuggestions(view.state).toSorted(
    (a, b) => a.from - b.from,
  )) {
    const card = cards.get(suggestion.id);
    if (!card) continue;
    const top = Math.max(free, topOf(view, from));
    tops.set(card, top);
    free = top + card.offsetHeight + gapPx;
  }
  const { offsetLeft, offsetWidth } = view.contentDOM;
  return { left: offsetLeft + offsetWidth + besidePx, tops };
}

/** Where a position is in the scrolled content, in px. Out of sight it may be that of its line. */
function topOf(view: EditorView, position: number): number {
  const { scrollDOM } = view;
  const at = view.coordsAtPos(Math.min(position, view.state.doc.length));
  if (at !== null) return at.top - scrollDOM.getBoundingClientRect().top + scrollDOM.scrollTop;
  return view.lineBlockAt(position).top + view.documentPadding.top;
}
