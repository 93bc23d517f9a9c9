import type { ViewerOutput } from "api-worker/contracts/auth";
import { otherViewer, stayOnPage } from "../../lib/session-change.ts";
import { useStore } from "../../lib/store.ts";
import { lazyModal } from "../../ui/lazy-modal.tsx";

const OtherViewerDialog = lazyModal(() => import("./other-viewer-dialog.tsx"));

/** Tells that another user has logged in in this browser, in a page that shows `shown`. */
export function OtherViewerNotice({ shown }: { readonly shown: ViewerOutput }) {
  const viewer = useStore(otherViewer, (value) => value, null);
  if (!viewer) return null;
  return <OtherViewerDialog shown={shown} viewer={viewer} onClose={stayOnPage} />;
}
