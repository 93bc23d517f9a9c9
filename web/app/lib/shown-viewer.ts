import { shownViewerHeader, shownViewerParameter } from "api-worker/contracts/shown-viewer";

let shownId: string | null = null;

/**
 * Notes the user whom this document shows. Each request of the document names that user, and the
 * worker refuses it when another user is logged in.
 */
export function showViewer({ id }: { readonly id: string }): void {
  shownId = id;
}

/** The headers with which a request names the user whom this document shows. */
export function shownViewerHeaders(): Record<string, string> {
  return shownId === null ? {} : { [shownViewerHeader]: shownId };
}

/** An address that says whom this document shows, for a request that cannot have headers. */
export function withShownViewer(path: string): string {
  return shownId === null ? path : `${path}?${shownViewerParameter}=${encodeURIComponent(shownId)}`;
}
