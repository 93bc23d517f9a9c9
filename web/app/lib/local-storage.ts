/**
 * Reads a text stored in this browser.
 *
 * @returns null when the key is unset or storage is forbidden
 */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Stores a text in this browser. When storage is full or forbidden, only the text is lost.
 *
 * @param text null removes it
 */
export function writeStored(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Private mode, or no space left.
  }
}
