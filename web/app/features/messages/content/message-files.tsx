import { ExternalLink, FileX } from "lucide-react";
import { useState } from "react";
import { byteText } from "../../../lib/byte-text.ts";
import { classNames } from "../../../ui/class-names.ts";
import { lazyModal } from "../../../ui/lazy-modal.tsx";
import { FileIcon } from "../../uploads/file-icon.tsx";
import { safeUrl } from "../markdown/safe-url.ts";
import {
  type ChatMessage,
  deletedFileNames,
  type ForeignFile,
  filesOf,
  foreignFiles,
} from "../message.ts";
import { readFilePart, type ShownFile } from "./file-part.ts";

const PictureViewer = lazyModal(() => import("./picture-viewer.tsx"));

/** The files of a message: pictures as previews, other files as links. */
export function MessageFiles({ message }: { message: ChatMessage }) {
  const side = message.role === "user" ? "justify-end" : "justify-start";
  const files = filesOf(message).map(readFilePart);
  const deleted = deletedFileNames(message);
  const foreign = foreignFiles(message);
  const [viewed, setViewed] = useState<number | null>(null);
  if (files.length === 0 && deleted.length === 0 && foreign.length === 0) return null;
  const pictures = files.filter(({ isPicture }) => isPicture);
  const others = files.filter(({ isPicture }) => !isPicture);
  return (
    <div className="flex w-full flex-col gap-2">
      {pictures.length > 0 && (
        <ul aria-label="Images" className={classNames("flex flex-wrap gap-2", side)}>
          {pictures.map((file, index) => (
            <li key={`${index} ${file.url}`}>
              <Picture file={file} isOnly={pictures.length === 1} onOpen={() => setViewed(index)} />
            </li>
          ))}
        </ul>
      )}
      {others.length + deleted.length + foreign.length > 0 && (
        <ul aria-label="Files" className={classNames("flex flex-wrap gap-2", side)}>
          {others.map((file, index) => (
            <li key={`${index} ${file.url}`} className="min-w-0">
              <FileLink file={file} />
            </li>
          ))}
          {foreign.map((file, index) => (
            <li key={`${index} ${file.filename}`} className="min-w-0">
              <ForeignFileChip file={file} />
            </li>
          ))}
          {deleted.map((name, index) => (
            <li key={`${index} ${name}`} className={classNames(chip, "text-muted")}>
              <FileX size={18} aria-hidden className="shrink-0" />
              <span className="min-w-0 truncate">{name}</span>
              <span className="shrink-0 text-sm">deleted</span>
            </li>
          ))}
        </ul>
      )}
      {viewed !== null && (
        <PictureViewer pictures={pictures} first={viewed} onClose={() => setViewed(null)} />
      )}
    </div>
  );
}

const chip =
  "flex min-h-11 max-w-72 items-center gap-2.5 rounded-xl border border-line bg-raised px-3 py-1.5";

/** A file that is not stored here: a link that says where it leads, or why there is none. */
function ForeignFileChip({ file }: { file: ForeignFile }) {
  const { filename, url, reason } = file;
  if (url === null || safeUrl(url) === undefined) {
    return (
      <span className={classNames(chip, "text-muted")}>
        <FileX size={18} aria-hidden className="shrink-0" />
        <span className="min-w-0">
          <span className="block truncate">{filename}</span>
          <span className="block text-sm wrap-anywhere">{reason ?? "Not imported."}</span>
        </span>
      </span>
    );
  }
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={url}
      className={classNames(chip, "transition-colors hover:bg-hover")}
    >
      <ExternalLink size={18} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0">
        <span className="block truncate">{filename}</span>
        <span className="block truncate text-sm text-muted">{new URL(url).host}</span>
      </span>
    </a>
  );
}

function FileLink({ file }: { file: ShownFile }) {
  return (
    <a
      href={file.url}
      target="_blank"
      rel="noreferrer"
      className={classNames(chip, "transition-colors hover:bg-hover")}
    >
      <span className="text-muted">
        <FileIcon mediaType={file.mediaType} />
      </span>
      <span className="min-w-0 truncate" title={file.name}>
        {file.name}
      </span>
      {file.bytes !== null && (
        <span className="shrink-0 text-sm text-muted">{byteText(file.bytes)}</span>
      )}
    </a>
  );
}

interface PictureProps {
  readonly file: ShownFile;
  /** A single picture keeps its proportions; several are cropped to squares. */
  readonly isOnly: boolean;
  readonly onOpen: () => void;
}

function Picture({ file, isOnly, onOpen }: PictureProps) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    return (
      <span className={classNames(chip, "text-muted")}>
        <FileX size={18} aria-hidden className="shrink-0" />
        <span className="min-w-0 truncate">{file.name}</span>
        <span className="shrink-0 text-sm">not available</span>
      </span>
    );
  }
  const { width, height } = file;
  return (
    <button
      type="button"
      aria-label={`Open ${file.name}`}
      onClick={onOpen}
      className="block cursor-zoom-in overflow-hidden rounded-2xl border border-line bg-hover"
    >
      <img
        src={file.thumbnailUrl}
        alt={file.name}
        loading="lazy"
        decoding="async"
        // The size is known before the picture loads, so the layout does not shift.
        {...(width !== null && height !== null && { width, height })}
        onError={() => setBroken(true)}
        className={
          isOnly
            ? "h-auto max-h-72 min-h-16 w-auto max-w-full min-w-16 object-contain sm:max-w-96"
            : "size-28 object-cover sm:size-36"
        }
      />
    </button>
  );
}
