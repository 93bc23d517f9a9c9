/** A document of a shared chat, as the address of the page names it. */
export interface NamedDocument {
  readonly documentId: string;
  /** null: the one that is being written. */
  readonly version: number | null;
}

/** Writes a document's id and version as one id: `<id>@<version>`. */
export function addressOf({ documentId, version }: NamedDocument): string {
  return version === null ? documentId : `${documentId}@${version}`;
}

/** Reads what {@link addressOf} wrote; null for anything else. */
export function readAddress(id: string): NamedDocument | null {
  const [, documentId, version] = /^([\da-f-]{36})(?:@(\d{1,15}))?$/i.exec(id) ?? [];
  if (documentId === undefined) return null;
  return { documentId, version: version === undefined ? null : Number(version) };
}
