import type { DocumentKind } from "api-worker/contracts/documents";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Reader } from "../../../lib/date-groups.ts";
import { kindIcons, kindNames } from "../../../ui/document-kinds.ts";

interface DocumentRowProps {
  readonly id: string;
  readonly kind: DocumentKind;
  /** In place of the kind's name. */
  readonly language?: string | null;
  readonly title: ReactNode;
  readonly editedAt: number;
  readonly reader: Reader;
  /** Between the title and the facts. */
  readonly children?: ReactNode;
}

/** An entry of a list of documents, which opens one. */
export function DocumentRow({ id, kind, language, title, editedAt, ...props }: DocumentRowProps) {
  const Icon = kindIcons[kind];
  const time = new Intl.DateTimeFormat("en", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: props.reader.timeZone,
  });
  return (
    <li>
      <Link
        to={`/documents/${id}`}
        className="flex items-center gap-3.5 rounded-lg px-2 py-3 transition-colors hover:bg-hover"
      >
        <Icon aria-hidden className="size-5 shrink-0 text-muted" />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate font-medium">
            {title}
          </span>
          {props.children}
          <span className="block text-sm text-muted">
            {language ?? kindNames[kind]} · Edited {time.format(editedAt)}
          </span>
        </span>
      </Link>
    </li>
  );
}
