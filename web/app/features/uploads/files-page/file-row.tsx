import type { ListedUploadOutput } from "api-worker/contracts";
import { fileAddress, isPictureType } from "api-worker/contracts/uploads";
import { Trash2 } from "lucide-react";
import { Link } from "react-router";
import { byteText } from "../../../lib/byte-text.ts";
import type { Reader } from "../../../lib/date-groups.ts";
import { IconButton } from "../../../ui/button.tsx";
import { FileIcon } from "../file-icon.tsx";

interface FileRowProps {
  readonly file: ListedUploadOutput;
  readonly reader: Reader;
  readonly onDelete: () => void;
}

/** A file with the chats that use it. */
export function FileRow({ file, reader, onDelete }: FileRowProps) {
  const address = fileAddress(file.id);
  const day = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: reader.timeZone });
  return (
    <li className="flex items-center gap-3.5 py-3">
      {isPictureType(file.mediaType) ? (
        <img
          src={`${address}?size=thumbnail`}
          alt=""
          loading="lazy"
          className="size-12 shrink-0 rounded-lg border border-line bg-hover object-cover"
        />
      ) : (
        <span className="grid size-12 shrink-0 place-items-center rounded-lg bg-hover text-muted">
          <FileIcon mediaType={file.mediaType} size={20} />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <a
          href={address}
          target="_blank"
          rel="noreferrer"
          className="block truncate font-medium hover:underline"
          title={file.name}
        >
          {file.name}
        </a>
        <p className="text-sm text-muted">
          {byteText(file.bytes)} · {day.format(file.createdAt)}
        </p>
        <Uses file={file} />
      </div>
      <IconButton label={`Delete ${file.name}`} onClick={onDelete}>
        <Trash2 size={18} aria-hidden />
      </IconButton>
    </li>
  );
}

function Uses({ file: { chats, useCount } }: { file: ListedUploadOutput }) {
  if (useCount === 0) return <p className="text-sm text-muted">Not used in any message</p>;
  const others = useCount - chats.length;
  return (
    <p className="flex flex-wrap gap-x-2 text-sm text-muted">
      <span>In</span>
      {chats.map(({ id, title, messageId }) => (
        <Link
          key={id}
          to={`/chat/${id}?message=${encodeURIComponent(messageId)}`}
          title={title}
          dir="auto"
          className="max-w-48 truncate text-ink underline decoration-line-strong/60 underline-offset-2 hover:decoration-current"
        >
          {title}
        </Link>
      ))}
      {others > 0 && <span>{`and ${others} more ${others === 1 ? "message" : "messages"}`}</span>}
    </p>
  );
}
