import type { StorageOutput } from "api-worker/contracts/storage";
import { useId } from "react";
import { byteText } from "../../lib/byte-text.ts";

interface StorageMeterProps {
  readonly storage: StorageOutput;
  /** Says that it is full; without it, to the person whose storage it is. */
  readonly fullText?: string;
}

/** How much storage a user's chats, files and streams use together. */
export function StorageMeter({
  storage,
  fullText = "Your storage is full. Delete chats or files to make room.",
}: StorageMeterProps) {
  const id = useId();
  const { usedBytes, maxBytes } = storage;
  if (maxBytes === null) {
    return (
      <div className="grid gap-2">
        <p className="text-muted">{byteText(usedBytes)} used</p>
        <Parts storage={storage} />
      </div>
    );
  }
  return (
    <div className="grid gap-2">
      <p id={id} className="text-sm">
        <span className="font-medium">{byteText(usedBytes)}</span>
        <span className="text-muted"> of {byteText(maxBytes)} used</span>
      </p>
      <progress
        aria-labelledby={id}
        value={Math.min(usedBytes, maxBytes)}
        max={maxBytes}
        className="meter block w-full"
      />
      <Parts storage={storage} />
      {usedBytes >= maxBytes && <p className="text-sm text-danger">{fullText}</p>}
    </div>
  );
}

/** What the storage is used for; nothing while it is empty. */
function Parts({ storage }: { readonly storage: StorageOutput }) {
  const { textBytes, fileBytes, streamBytes } = storage;
  const parts = [
    { name: "Chats", bytes: textBytes },
    { name: "Files", bytes: fileBytes },
    { name: "Streams", bytes: streamBytes },
  ].filter(({ bytes }) => bytes > 0);
  if (parts.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted tabular-nums">
      {parts.map(({ name, bytes }) => (
        <li key={name}>
          {name} {byteText(bytes)}
        </li>
      ))}
    </ul>
  );
}
