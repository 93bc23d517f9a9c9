import { shownViewerHeader, shownViewerParameter } from "api-worker/contracts/shown-viewer";

let shownId: string | null = null;

/** Notes whom this document shows. Each of its requests says so, and the worker refuses another's. */
export function showViewer({ id }: { readonly id: string }): void {
  shownId = id;
}

/** The headers with which a request says whom this document shows. */
export function shownViewerHeaders(): Record<string, string> {
  return shownId === null ? {} : { [shownViewerHeader]: shownId };
}

/** An address that says whom this document shows, for a request that cannot have headers. */
export function withShownViewer(path: string): string {
  return shownId === null ? path : `${path}?${shownViewerParameter}=${encodeURIComponent(shownId)}`;
}
