import "yet-another-react-lightbox/styles.css";
import Lightbox from "yet-another-react-lightbox";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import type { ShownFile } from "./file-part.ts";

interface PictureViewerProps {
  readonly pictures: readonly ShownFile[];
  /** Which is shown first. */
  readonly first: number;
  readonly onClose: () => void;
}

/**
 * Pictures over the whole window. Arrows lead from one to the next, + and − zoom, Escape closes; so
 * do a swipe, two fingers, and a double click.
 */
export default function PictureViewer({ pictures, first, onClose }: PictureViewerProps) {
  const isOnly = pictures.length === 1;
  return (
    <Lightbox
      open
      close={onClose}
      index={first}
      slides={pictures.map(({ url, name, width, height }) => ({
        src: url,
        alt: name,
        ...(width !== null && height !== null && { width, height }),
      }))}
      plugins={[Zoom]}
      carousel={{ finite: true, padding: "24px" }}
      controller={{ closeOnBackdropClick: true, closeOnPullDown: true }}
      zoom={{ maxZoomPixelRatio: 4, scrollToZoom: true }}
      animation={{ fade: 150, swipe: 250 }}
      labels={{ Lightbox: "Picture viewer" }}
      render={isOnly ? { buttonPrev: () => null, buttonNext: () => null } : {}}
    />
  );
}
