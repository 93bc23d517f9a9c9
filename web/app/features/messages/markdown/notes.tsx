import { createContext, type MouseEvent, type ReactNode, useContext } from "react";

/** Begins the ids of the notes of a text, so that those of other messages are not meant. */
export const NoteIds = createContext("");

type NoteMeta = Readonly<Record<string, unknown>> | null;

/** The number in a sentence that leads to its note. */
export function NoteReference({ meta }: { meta: NoteMeta }) {
  const prefix = useContext(NoteIds);
  const number = Number(meta?.id) + 1;
  const isFirst = meta?.subId === 0;
  return (
    <sup id={isFirst ? `${prefix}ref${number}` : undefined} className="select-none">
      <a href={`#${prefix}note${number}`} aria-label={`Note ${number}`} onClick={goToTarget}>
        {number}
      </a>
    </sup>
  );
}

interface NoteProps {
  readonly meta: NoteMeta;
  readonly dir: "auto" | undefined;
  readonly children: ReactNode;
}

/** A note, with the way back to the sentence. Without a reference it has its name. */
export function Note({ meta, dir, children }: NoteProps) {
  const prefix = useContext(NoteIds);
  const number = meta?.number;
  const hasNumber = typeof number === "number";
  return (
    <div className="md-note" role="note" id={hasNumber ? `${prefix}note${number}` : undefined}>
      {hasNumber ? (
        <a
          href={`#${prefix}ref${number}`}
          aria-label={`Back to note ${number}`}
          className="select-none"
          onClick={goToTarget}
        >
          {number}
        </a>
      ) : (
        <span>{String(meta?.label)}</span>
      )}
      <div dir={dir}>{children}</div>
    </div>
  );
}

/** Scrolls to a note without changing the address of the page. */
function goToTarget(event: MouseEvent<HTMLAnchorElement>) {
  const id = event.currentTarget.hash.slice(1);
  const target = document.getElementById(id);
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "nearest" });
  target.querySelector("a")?.focus({ preventScroll: true });
}
