import { v7 as uuidv7 } from "uuid";
import { inFrontOf, readDraft, takeDraft, writeDraft } from "../../../lib/draft.ts";
import { listStored, readStored, writeStored } from "../../../lib/local-storage.ts";
import { readDraftFiles, writeDraftFiles } from "../../uploads/draft/draft-files.ts";
import { hasDraftFiles } from "../../uploads/draft/use-draft-uploads.ts";
import { longPasteId } from "../composer/use-long-paste.ts";
import { hasUnsent, unsentMessages } from "../unsent/unsent-messages.ts";
import { holdTabLock, releaseTabLock } from "./tab-lock.ts";

/**
 * A chat has its id before it starts, so all that is kept for it has one name for good. Each tab has
 * one chat that has not started, through reloads. When the tab is closed with text in it, a later
 * tab takes that chat over.
 */

/** The tab's name for its chat. */
const ownName = "new-chat";
/** The browser's names for all such chats, with the times when they were made. */
const namePrefix = "new-chat:";

/** When to look for texts of closed tabs, in ms: a tab keeps its lock for a moment. */
const lookAfterMs = [0, 1_000, 2_000, 3_000];

let current: string | null = null;
let lastClaim: Promise<unknown> = Promise.resolve();

/** The id of the tab's next new chat. In the browser it stays the same until that chat has started. */
export function newChatId(): string {
  // On the server each page has its own, because users must not share one.
  if (typeof document === "undefined") return uuidv7();
  current ??= readStored(ownName, "tab") ?? uuidv7();
  return current;
}

/** Whether this is the tab's new chat, and has not started. */
export function isNewChat(chatId: string): boolean {
  return current === chatId;
}

/** Notes that a chat has started; the next new chat gets another id. */
export function noteBegun(chatId: string): void {
  writeStored(namePrefix + chatId, null);
  releaseTabLock(chatId);
  if (current !== chatId) return;
  current = null;
  writeStored(ownName, null, "tab");
}

/**
 * Makes the new chat this tab's own, and gives it the text of a closed tab if it is empty.
 *
 * @returns the id of the new chat from now on; null when it has started meanwhile
 */
export function claimNewChat(): Promise<string | null> {
  use(newChatId());
  // One after the other, so that each begins with the outcome of the one before.
  const claimed = lastClaim.then(() => claim(newChatId()));
  lastClaim = claimed;
  return claimed;
}

async function claim(id: string): Promise<string | null> {
  if (!(await holdTabLock(id, "wait"))) {
    // The tab is a copy of another one, and goes on with a copy of its text.
    if (current !== id) return null;
    const copy = uuidv7();
    writeDraft(copy, readDraft(id));
    writeDraftFiles(copy, readDraftFiles(id));
    writeDraft(longPasteId(copy), readDraft(longPasteId(id)));
    use(copy);
    void holdTabLock(copy, "wait");
    return copy;
  }
  for (const waitMs of lookAfterMs) {
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const taken = await takeOver(id);
    if (taken !== null) return taken;
    if (current !== id || hasContent(id) || listLeft(id).length === 0) break;
  }
  return current === id ? id : null;
}

/**
 * Takes over the newest text of a closed tab, if this tab's new chat is empty.
 *
 * @returns the id of its chat; null when there is none
 */
async function takeOver(id: string): Promise<string | null> {
  for (const left of listLeft(id)) {
    const isFree = () => current === id && !hasContent(id);
    if (!isFree()) return null;
    if (!(await holdTabLock(left, "now"))) continue;
    if (isFree() && hasContent(left)) {
      writeStored(namePrefix + id, null);
      releaseTabLock(id);
      use(left);
      return left;
    }
    // Its tab was closed without text.
    if (!hasContent(left)) writeStored(namePrefix + left, null);
    releaseTabLock(left);
  }
  return null;
}

/**
 * Moves the unsent text of a deleted chat to the new chat, in front of a draft that it has already.
 * Files were deleted with the chat.
 *
 * @returns whether a text was moved
 */
export function moveDraftToNewChat(chatId: string): boolean {
  const unsent = unsentMessages(chatId);
  const messages = unsent.list();
  const text = messages.reduceRight((last, one) => inFrontOf(last, one.text), takeDraft(chatId));
  for (const { id } of messages) unsent.drop(id);
  writeDraftFiles(chatId, []);
  const paste = takeDraft(longPasteId(chatId));
  if (text.trim() === "" && paste === "") return false;
  const id = newChatId();
  use(id);
  writeDraft(id, inFrontOf(readDraft(id), text.trim() === "" ? "" : text));
  writeDraft(longPasteId(id), inFrontOf(readDraft(longPasteId(id)), paste));
  return true;
}

function use(id: string): void {
  current = id;
  writeStored(ownName, id, "tab");
  writeStored(namePrefix + id, String(Date.now()));
}

/** The other chats that have not started, newest first. */
function listLeft(id: string): string[] {
  return listStored(namePrefix)
    .filter((name) => name !== namePrefix + id)
    .sort((a, b) => Number(readStored(b)) - Number(readStored(a)))
    .map((name) => name.slice(namePrefix.length));
}

function hasContent(id: string): boolean {
  const hasText = readDraft(id) !== "" || readDraft(longPasteId(id)) !== "";
  return hasText || hasDraftFiles(id) || hasUnsent(id);
}
