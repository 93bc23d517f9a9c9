import { useId } from "react";
import { byteText } from "../../../lib/byte-text.ts";

interface StorageMeterProps {
  readonly usedBytes: number;
  /** null: no limit. */
  readonly maxBytes: number | null;
}

/** How much storage the viewer's files use. */
export function StorageMeter({ usedBytes, maxBytes }: StorageMeterProps) {
  const id = useId();
  if (maxBytes === null) return <p className="text-muted">{byteText(usedBytes)} used</p>;
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
      {usedBytes >= maxBytes && (
        <p className="text-sm text-danger">Your storage is full. Delete files to add new ones.</p>
      )}
    </div>
  );
}
