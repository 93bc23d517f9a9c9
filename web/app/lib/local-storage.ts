/**
 * What the app keeps in this browser: unsent text and files, and a few choices. It belongs to one
 * user, because others may use the same browser.
 */

const prefix = "alleato:";
const userKey = `${prefix}user`;

export interface StorageUser {
  readonly id: string;
  readonly isGuest: boolean;
}

/** Where a text is kept: for the browser, or for this tab, through reloads, until it is closed. */
type Place = "browser" | "tab";

let userId: string | null = null;

/**
 * Opens the storage for the user of this document. What another user has left is deleted. Only a
 * guest's drafts move to the account that the guest logs in to, like the guest's chats.
 */
export function openStorage(user: StorageUser): void {
  userId = user.id;
  const before = readUser();
  const isSame = before?.id === user.id && before.isGuest === user.isGuest;
  const isCarried = !isSame && before?.isGuest === true && !user.isGuest;
  const guestId = isCarried ? before.id : null;
  dropOthers("tab", user.id, guestId);
  if (isSame) return;
  dropOthers("browser", user.id, guestId);
  writeKey("browser", userKey, JSON.stringify({ id: user.id, isGuest: user.isGuest }));
}

/** Deletes what belongs to other users; what the guest has, if there is one, moves to the user. */
function dropOthers(place: Place, id: string, guestId: string | null): void {
  const own = keyOf(id, "");
  const theirs = guestId === null ? null : keyOf(guestId, "");
  for (const key of listKeys(place).filter((one) => !one.startsWith(own))) {
    const text = readKey(place, key);
    writeKey(place, key, null);
    if (theirs && key.startsWith(theirs)) writeKey(place, own + key.slice(theirs.length), text);
  }
}

/**
 * Reads a text of the user.
 *
 * @returns null when the name is unset, no user's storage is open, or storage is forbidden
 */
export function readStored(name: string, place: Place = "browser"): string | null {
  return userId === null ? null : readKey(place, keyOf(userId, name));
}

/**
 * Stores a text of the user. When storage is full or forbidden, only the text is lost.
 *
 * @param text null removes it
 */
export function writeStored(name: string, text: string | null, place: Place = "browser"): void {
  if (userId !== null) writeKey(place, keyOf(userId, name), text);
}

/** The names of the user's texts in the browser that begin with `start`. */
export function listStored(start: string): string[] {
  if (userId === null) return [];
  const own = keyOf(userId, "");
  return listKeys("browser")
    .filter((key) => key.startsWith(own + start))
    .map((key) => key.slice(own.length));
}

function keyOf(id: string, name: string): string {
  return `${prefix}${id}:${name}`;
}

function readUser(): StorageUser | null {
  try {
    const user: unknown = JSON.parse(readKey("browser", userKey) ?? "null");
    if (typeof user !== "object" || user === null) return null;
    const { id, isGuest } = user as Record<string, unknown>;
    return typeof id === "string" ? { id, isGuest: isGuest === true } : null;
  } catch {
    return null;
  }
}

function storageOf(place: Place): Storage {
  return place === "browser" ? localStorage : sessionStorage;
}

function listKeys(place: Place): string[] {
  try {
    const keys = Object.keys(storageOf(place));
    return keys.filter((key) => key.startsWith(prefix) && key !== userKey);
  } catch {
    return [];
  }
}

function readKey(place: Place, key: string): string | null {
  try {
    return storageOf(place).getItem(key);
  } catch {
    return null;
  }
}

function writeKey(place: Place, key: string, text: string | null): void {
  try {
    const storage = storageOf(place);
    if (text === null) storage.removeItem(key);
    else storage.setItem(key, text);
  } catch {
    // Private mode, or no space left.
  }
}
