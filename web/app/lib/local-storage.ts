/**
 * What the app keeps in this browser: unsent text and files. It belongs to one user, because others
 * may use the same browser.
 */

const prefix = "alleato:";
const userKey = `${prefix}user`;

export interface StorageUser {
  readonly id: string;
  readonly isGuest: boolean;
}

let userId: string | null = null;

/**
 * Opens the storage for the user of this document. What another user has left is deleted. Only a
 * guest's drafts move to the account that the guest logs in to, like the guest's chats.
 */
export function openStorage(user: StorageUser): void {
  userId = user.id;
  const before = readUser();
  if (before?.id === user.id && before.isGuest === user.isGuest) return;
  const isCarried = before?.isGuest === true && !user.isGuest;
  const own = keyOf(user.id, "");
  const theirs = before && keyOf(before.id, "");
  for (const key of listKeys().filter((one) => !one.startsWith(own))) {
    const text = readKey(key);
    writeKey(key, null);
    if (isCarried && theirs && key.startsWith(theirs))
      writeKey(own + key.slice(theirs.length), text);
  }
  writeKey(userKey, JSON.stringify({ id: user.id, isGuest: user.isGuest }));
}

/**
 * Reads a text of the user.
 *
 * @returns null when the name is unset, no user's storage is open, or storage is forbidden
 */
export function readStored(name: string): string | null {
  return userId === null ? null : readKey(keyOf(userId, name));
}

/**
 * Stores a text of the user. When storage is full or forbidden, only the text is lost.
 *
 * @param text null removes it
 */
export function writeStored(name: string, text: string | null): void {
  if (userId !== null) writeKey(keyOf(userId, name), text);
}

function keyOf(id: string, name: string): string {
  return `${prefix}${id}:${name}`;
}

function readUser(): StorageUser | null {
  try {
    const user: unknown = JSON.parse(readKey(userKey) ?? "null");
    if (typeof user !== "object" || user === null) return null;
    const { id, isGuest } = user as Record<string, unknown>;
    return typeof id === "string" ? { id, isGuest: isGuest === true } : null;
  } catch {
    return null;
  }
}

function listKeys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix) && key !== userKey);
  } catch {
    return [];
  }
}

function readKey(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function writeKey(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Private mode, or no space left.
  }
}
