/** Puts the messages of one chat together that a state of the template has in several places. */
import { type DraftMessage, textOf } from "./drafts.ts";

export interface JoinedMessages {
  /** The branch that is shown, in order. */
  readonly main: readonly DraftMessage[];
  /**
   * Messages at the end of an earlier place that the later one does not have, although messages
   * before them were taken over: they were deleted since, or could not be taken over. They stay as a
   * branch of their own beside the shown one, from the message before them.
   */
  readonly aside: readonly DraftMessage[];
}

/**
 * @param rows of `Message_v2`
 * @param oldRows of `Message`
 * @param inline in `Chat.messages`
 */
export function joinForms(
  rows: readonly DraftMessage[],
  oldRows: readonly DraftMessage[],
  inline: readonly DraftMessage[],
): JoinedMessages {
  const old = join({ main: rows, aside: [] }, oldRows, bySourceId);
  return join(old, inline, bySourceIdOrText);
}

type Covering = (later: readonly DraftMessage[]) => (message: DraftMessage) => boolean;

function join(
  { main, aside }: JoinedMessages,
  earlier: readonly DraftMessage[],
  covering: Covering,
): JoinedMessages {
  if (earlier.length === 0) return { main, aside };
  const isCovered = earlier.map(covering([...main, ...aside]));
  // The template deletes the end of a chat and nothing else. So what is missing before a message that
  // was taken over was never taken over; what is missing after the last one may have been deleted. If
  // none was taken over, the chat went on in the new place.
  const last = isCovered.lastIndexOf(true);
  const isMain = (index: number) => last < 0 || index < last;
  const missing = earlier.filter((_, index) => !isCovered[index] && isMain(index));
  const deleted = earlier.filter((_, index) => !isCovered[index] && !isMain(index));
  return { main: byTime(missing, main), aside: byTime(deleted, aside) };
}

/** Merges two lists by time; without one, a message follows the one before it in its list. */
function byTime(
  first: readonly DraftMessage[],
  second: readonly DraftMessage[],
): readonly DraftMessage[] {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  return [...timed(first), ...timed(second)]
    .sort((a, b) => a.micros - b.micros)
    .map(({ message }) => message);
}

function timed(messages: readonly DraftMessage[]) {
  let last = 0;
  return messages.map((message) => {
    last = Math.max(last, message.micros ?? 0);
    return { message, micros: last };
  });
}

const bySourceId: Covering = (later) => {
  const ids = new Set(later.flatMap(({ sourceIds }) => sourceIds));
  return ({ sourceIds }) => sourceIds.some((id) => ids.has(id));
};

/** Messages in `Chat.messages` had other ids, so the same text of the same role is the same message, once. */
const bySourceIdOrText: Covering = (later) => {
  const hasId = bySourceId(later);
  const texts = new Map<string, number>();
  for (const key of later.map(keyOf)) {
    if (key !== null) texts.set(key, (texts.get(key) ?? 0) + 1);
  }
  return (message) => {
    const key = keyOf(message);
    const left = key === null ? 0 : (texts.get(key) ?? 0);
    if (key !== null && left > 0) texts.set(key, left - 1);
    return left > 0 || hasId(message);
  };
};

/** null for a message without a text. */
function keyOf({ role, drafts }: DraftMessage): string | null {
  const text = textOf(drafts).trim();
  return text === "" ? null : `${role} ${text}`;
}
