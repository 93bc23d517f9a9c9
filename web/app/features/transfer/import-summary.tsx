import { CircleAlert, CircleCheck } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { Button } from "../../ui/button.tsx";
import { StorageFullNote } from "../storage/storage-full-note.tsx";
import type { ImportResult } from "./import-run.ts";

/**
 * How many are listed by name. A list of every chat in an account would be too long to read.
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
        <ul
          aria-label={result.imported.some(isDocument) ? "Imported" : "Imported chats"}
          className="mt-3 grid gap-0.5"
        >
          {imported.slice(0, namedMax).map(({ kind, id, title }) => (
            <li key={id}>
              <Link
                to={kind === "chat" ? `/chat/${id}` : `/documents/${id}`}
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
          <ul
            aria-label={
              failures.some(isDocument) ? "What wasn’t imported" : "Chats that weren’t imported"
            }
            className="mt-2 grid gap-2"
          >
            {failures.slice(0, namedMax).map(({ kind, place, title, message }) => (
              <li key={`${kind} ${place}`} className="rounded-lg bg-danger-soft px-3.5 py-2.5">
                <p className="wrap-anywhere">
                  {title ?? "Untitled"}{" "}
                  <span className="text-muted">
                    · {kind} {place} of the file
                  </span>
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

const isDocument = ({ kind }: { readonly kind: "chat" | "document" }) => kind === "document";

/** "" for none. */
function countText(count: number, noun: string): string {
  if (count === 0) return "";
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function sentence({ imported, failures }: ImportResult): string {
  if (imported.length + failures.length === 0) return "This file contains no chats.";
  if (imported.length === 0) {
    return failures.some(isDocument) ? "Nothing could be imported." : "No chats could be imported.";
  }
  const documents = imported.filter(isDocument).length;
  const chats = imported.length - documents;
  const counts = [countText(chats, "chat"), countText(documents, "document")].filter(Boolean);
  return `${counts.join(" and ")} ${imported.length === 1 ? "was" : "were"} imported.`;
}
