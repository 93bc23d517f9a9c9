import { createContext, useContext } from "react";

/** Opens the documents of a chat that is read-only, at the versions that its messages show. */
export interface DocumentReader {
  /** @param version null while it is being written */
  open(documentId: string, version: number | null): void;
  /** Loads the code of the reading view in advance. */
  preload(): void;
}

const DocumentReaderContext = createContext<DocumentReader | null>(null);
export const DocumentReaderProvider = DocumentReaderContext.Provider;

/** The reader of a shared chat's documents; null in a chat of one's own. */
export function useDocumentReader(): DocumentReader | null {
  return useContext(DocumentReaderContext);
}
