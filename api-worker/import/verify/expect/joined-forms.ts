/** Puts together what a chat has in several places: each message comes over once. */
import type { Spoken } from "./spoken.ts";

export interface SpokenChat {
  /** The shown branch, in order. */
  readonly shown: readonly Spoken[];
  /** Messages at the end of an earlier place that the later one lacks, though it took over others. */
  readonly aside: readonly Spoken[];
}

export function joinSpoken(
  rows: readonly Spoken[],
  oldRows: readonly Spoken[],
  inline: readonly Spoken[],
): SpokenChat {
  const withOld = join({ shown: rows, aside: [] }, oldRows, sameRow);
  return join(withOld, inline, sameRowOrText);
}

type Finder = (later: readonly Spoken[]) => (message: Spoken) => boolean;

/**
 * The template deletes the end of a chat and nothing else: what the later place lacks after the last
 * message that it took over may have been deleted, and what it lacks before was never taken over.
 */
function join(
  { shown, aside }: SpokenChat,
  earlier: readonly Spoken[],
  finder: Finder,
): SpokenChat {
  const isThere = earlier.map(finder([...shown, ...aside]));
  const lastThere = isThere.lastIndexOf(true);
  const lacking = earlier.map((message, index) => ({ message, index }));
  const missing = lacking.filter(({ index }) => !isThere[index]);
  const before = missing.filter(({ index }) => lastThere < 0 || index < lastThere);
  const after = missing.filter(({ index }) => lastThere >= 0 && index > lastThere);
  return {
    shown: merged(before.map(messageOf), shown),
    aside: merged(after.map(messageOf), aside),
  };
}

function messageOf({ message }: { readonly message: Spoken }): Spoken {
  return message;
}

/** By time; a message without one, or earlier than the one before it in its list, follows that. */
function merged(first: readonly Spoken[], second: readonly Spoken[]): readonly Spoken[] {
  if (first.length === 0 || second.length === 0) return [...first, ...second];
  return [...placed(first), ...placed(second)]
    .sort((a, b) => a.at - b.at)
    .map(({ message }) => message);
}

function placed(messages: readonly Spoken[]) {
  let at = 0;
  return messages.map((message) => {
    at = Math.max(at, message.micros ?? 0);
    return { message, at };
  });
}

const sameRow: Finder = (later) => {
  const ids = new Set(later.flatMap(({ sourceIds }) => sourceIds));
  return ({ sourceIds }) => sourceIds.some((id) => ids.has(id));
};

/** The ids in `Chat.messages` were others, so a text that a later place has is the same message. */
const sameRowOrText: Finder = (later) => {
  const isSameRow = sameRow(later);
  const left = new Map<string, number>();
  for (const message of later) {
    const text = toldBy(message);
    if (text !== null) left.set(text, (left.get(text) ?? 0) + 1);
  }
  return (message) => {
    const text = toldBy(message);
    const count = text === null ? 0 : (left.get(text) ?? 0);
    if (text !== null && count > 0) left.set(text, count - 1);
    return count > 0 || isSameRow(message);
  };
};

function toldBy({ role, atoms }: Spoken): string | null {
  const texts = atoms.flatMap((atom) => (atom.kind === "text" ? [String(atom.content[0])] : []));
  const text = texts.join("\n\n").trim();
  return text === "" ? null : `${role} ${text}`;
}
