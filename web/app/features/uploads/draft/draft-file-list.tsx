import { RotateCw, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { byteText } from "../../../lib/byte-text.ts";
import { classNames } from "../../../ui/class-names.ts";
import { FileIcon } from "../file-icon.tsx";
import type { DraftFile } from "../queue/upload-queue.ts";
import type { DraftUploads } from "./use-draft-uploads.ts";

/** The files attached to the draft, each with its progress. */
export function DraftFileList({ uploads }: { uploads: DraftUploads }) {
  if (uploads.files.length === 0) return null;
  return (
    <>
      <p role="status" className="sr-only">
        {statusText(uploads.files)}
      </p>
      <ul
        aria-label="Attached files"
        className="flex max-h-48 flex-wrap gap-2 overflow-y-auto px-3 pt-3"
      >
        {uploads.files.map((file) => (
          <Item
            key={file.key}
            file={file}
            onRemove={() => uploads.remove(file.key)}
            onRetry={() => uploads.retry(file.key)}
          />
        ))}
      </ul>
    </>
  );
}

interface ItemProps {
  readonly file: DraftFile;
  readonly onRemove: () => void;
  readonly onRetry: () => void;
}

function Item({ file, onRemove, onRetry }: ItemProps) {
  const { name, state, problem } = file;
  const isUnderWay = state === "waiting" || state === "uploading";
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // On a phone the failed file may be scrolled out of the list, and it blocks sending.
    if (state === "failed") ref.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
  return (
    <li
      ref={ref}
      data-state={state}
      className={classNames(
        "relative flex h-14 w-60 max-w-full items-center gap-2.5 overflow-hidden rounded-xl border ps-1.5 pe-1 max-sm:w-full",
        state === "failed" ? "border-danger/50 bg-danger-soft" : "border-line bg-surface",
      )}
    >
      <Preview file={file} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm" title={name}>
          {name}
        </p>
        <p
          className={classNames(
            "line-clamp-2 text-xs leading-4",
            problem === null ? "text-muted" : "text-danger",
          )}
          title={problem ?? undefined}
        >
          {problem ?? (isUnderWay ? progressText(file) : byteText(file.bytes))}
        </p>
      </div>
      {state === "failed" && file.canRetry && (
        <SmallButton label={`Retry ${name}`} onClick={onRetry}>
          <RotateCw size={15} aria-hidden />
        </SmallButton>
      )}
      <SmallButton
        label={isUnderWay ? `Cancel the upload of ${name}` : `Remove ${name}`}
        onClick={onRemove}
      >
        <X size={16} aria-hidden />
      </SmallButton>
      {isUnderWay && (
        <progress
          aria-label={`Upload progress of ${name}`}
          value={file.progress}
          max={1}
          className="meter absolute inset-x-0 bottom-0 block h-1 w-full rounded-none"
        />
      )}
    </li>
  );
}

/** Announced by screen readers. */
function statusText(files: readonly DraftFile[]): string {
  const count = (...states: DraftFile["state"][]) =>
    files.filter(({ state }) => states.includes(state)).length;
  const underWay = count("waiting", "uploading");
  const failed = count("failed");
  if (underWay > 0) return `Uploading ${filesText(underWay)}`;
  if (failed > 0) return `Couldn’t upload ${filesText(failed)}`;
  return `${filesText(files.length)} attached`;
}

function filesText(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}

function progressText({ state, progress }: DraftFile): string {
  if (state === "waiting") return "Waiting";
  return progress < 1 ? `${Math.floor(progress * 100)} %` : "Checking";
}

function Preview({ file }: { file: DraftFile }) {
  const [isBroken, setBroken] = useState(false);
  if (file.previewUrl === null || isBroken) {
    return (
      <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-hover text-muted">
        <FileIcon mediaType={file.mediaType} />
      </span>
    );
  }
  return (
    <img
      src={file.previewUrl}
      alt=""
      onError={() => setBroken(true)}
      className="size-10 shrink-0 rounded-lg bg-hover object-cover"
    />
  );
}

function SmallButton(props: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
      className="grid size-8 shrink-0 place-items-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-ink max-sm:size-10"
    >
      {props.children}
    </button>
  );
}
