import { CircleAlert, CircleCheck } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { Button } from "../../ui/button.tsx";
import { StorageFullNote } from "../storage/storage-full-note.tsx";
import type { ImportResult } from "./import-run.ts";

/**
 * How many chats are listed by name. A list of every chat in an account would be too long to read.
 */
const namedMax = 50;

interface ImportSummaryProps {
  readonly result: ImportResult;
  readonly onClear: () => void;
}

/** Lists what was imported, what was not, and why. */
export function ImportSummary({ result, onClear }: ImportSummaryProps) {
  const { imported, failures } = result;
  const headingRef = useRef<HTMLHeadingElement>(null);
  // Takes the focus, because it replaces the focused file picker.
  useEffect(() => headingRef.current?.focus(), []);
  return (
    <div>
      <h3 ref={headingRef} tabIndex={-1} className="flex gap-2.5 font-medium outline-none">
        {imported.length > 0 ? (
          <CircleCheck aria-hidden className="mt-0.5 size-[1.125rem] shrink-0 text-accent" />
        ) : (
          <CircleAlert aria-hidden className="mt-0.5 size-[1.125rem] shrink-0 text-danger" />
        )}
        {sentence(result)}
      </h3>
      {imported.length > 0 && (
        <ul aria-label="Imported chats" className="mt-3 grid gap-0.5">
          {imported.slice(0, namedMax).map(({ chatId, title }) => (
            <li key={chatId}>
              <Link
                to={`/chat/${chatId}`}
                dir="auto"
                className="block truncate rounded-lg px-2 py-1.5 -mx-2 hover:bg-hover max-md:py-2.5"
              >
                {title}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <More count={imported.length - namedMax} />
      {failures.length > 0 && (
        <>
          <h4 className="mt-5 font-medium">Not imported</h4>
          <ul aria-label="Chats that weren’t imported" className="mt-2 grid gap-2">
            {failures.slice(0, namedMax).map(({ place, title, message }) => (
              <li key={place} className="rounded-lg bg-danger-soft px-3.5 py-2.5">
                <p className="wrap-anywhere">
                  {title ?? "Untitled"}{" "}
                  <span className="text-muted">· chat {place} of the file</span>
                </p>
                <p className="text-sm text-danger wrap-anywhere">{message}</p>
              </li>
            ))}
          </ul>
          <More count={failures.length - namedMax} />
          {failures.some(({ isStorageFull }) => isStorageFull) && (
            <p className="mt-2 text-sm">
              <StorageFullNote text="Your storage is full." />
            </p>
          )}
        </>
      )}
      <Button className="mt-5" onClick={onClear}>
        Import another file
      </Button>
    </div>
  );
}

function More({ count }: { count: number }) {
  return count > 0 ? <p className="mt-2 text-sm text-muted">and {count} more</p> : null;
}

function sentence({ imported, failures }: ImportResult): string {
  if (imported.length + failures.length === 0) return "This file contains no chats.";
  if (imported.length === 0) return "No chats could be imported.";
  const chats = imported.length === 1 ? "1 chat was" : `${imported.length} chats were`;
  return `${chats} imported.`;
}
