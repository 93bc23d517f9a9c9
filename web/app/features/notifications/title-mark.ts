/**
 * Marks the window's title with the number of chats in which an answer has ended unseen:
 * "(2) A chat · Alleato Chat".
 */

let chatIds: ReadonlySet<string> = new Set();
/** The title with the mark, and the one without it; null while there is no mark. */
let written: { readonly marked: string; readonly plain: string } | null = null;
let watcher: MutationObserver | null = null;

/** Adds a chat to the mark. */
export function markTitle(chatId: string): void {
  show(new Set([...chatIds, chatId]));
}

/** Takes a chat out of the mark; all of them without an id. */
export function unmarkTitle(chatId?: string): void {
  show(new Set(chatId === undefined ? [] : [...chatIds].filter((id) => id !== chatId)));
}

function show(marked: ReadonlySet<string>): void {
  chatIds = marked;
  if (marked.size === 0) {
    watcher?.disconnect();
    watcher = null;
  } else if (!watcher) {
    // A chat may get its title, or the page may change, while the mark is there.
    watcher = new MutationObserver(write);
    watcher.observe(document.head, { subtree: true, childList: true, characterData: true });
  }
  write();
}

function write(): void {
  const plain = document.title === written?.marked ? written.plain : document.title;
  const title = chatIds.size === 0 ? plain : `(${chatIds.size}) ${plain}`;
  written = chatIds.size === 0 ? null : { marked: title, plain };
  // Writing the same title would call the observer without end.
  if (document.title !== title) document.title = title;
}
