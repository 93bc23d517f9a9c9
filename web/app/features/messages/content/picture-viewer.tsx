import "yet-another-react-lightbox/styles.css";
import Lightbox from "yet-another-react-lightbox";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import type { ShownFile } from "./file-part.ts";

interface PictureViewerProps {
  readonly pictures: readonly ShownFile[];
  /** Index of the picture that is shown first. */
  readonly first: number;
  readonly onClose: () => void;
}

/**
 * Shows pictures over the whole window. Arrows and swipes go to the next one, + and −, two fingers
 * or a double click zoom, Escape closes.
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
      labels={{ Lightbox: "Image viewer" }}
      render={isOnly ? { buttonPrev: () => null, buttonNext: () => null } : {}}
    />
  );
}
