import { parsePicture } from "api-worker/contracts/pictures";
import { useState } from "react";

interface ShownPictureProps {
  /** The content of a document of the kind `image`. */
  readonly content: string;
  /** What a screen reader says instead. */
  readonly alt: string;
}

/** A picture as large as there is room, with its place kept while it loads. */
export function ShownPicture({ content, alt }: ShownPictureProps) {
  const picture = parsePicture(content);
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  if (!picture || failedUrl === picture.url) {
    return <p className="p-6 text-muted">The file of this picture doesn’t exist any more.</p>;
  }
  const { url, width, height } = picture;
  return (
    <img
      key={url}
      src={url}
      alt={alt}
      width={width}
      height={height}
      onError={() => setFailedUrl(url)}
      className="h-auto max-h-[70vh] w-auto max-w-full rounded-xl border border-line bg-surface object-contain"
    />
  );
}
