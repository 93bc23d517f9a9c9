import type { ReactNode } from "react";
import { Link } from "react-router";
import { readError } from "../../lib/error-text.ts";

/**
 * Says that the viewer's storage is full, and leads to what is in it.
 *
 * @param text says what to do
 */
export function StorageFullNote({ text }: { text: string }) {
  return (
    <>
      {text}{" "}
      <Link
        to="/settings/usage"
        className="font-medium whitespace-nowrap underline underline-offset-2"
      >
        View storage
      </Link>
    </>
  );
}

/** Why an action failed, with the way out of a full storage. */
export function problemNote(error: unknown): ReactNode {
  const { text, isStorageFull } = readError(error);
  return isStorageFull ? <StorageFullNote text={text} /> : text;
}
