import { ArrowLeft } from "lucide-react";
import { useEffect } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import type { Reader } from "../../lib/date-groups.ts";
import { trpc } from "../../lib/trpc.ts";
import { type DocumentFrameProps, OpenDocument, type View } from "./open-document.tsx";
import { TitleField } from "./title-field.tsx";

/** The page of one document. */
export function DocumentPage({
  documentId,
  initialReader,
}: {
  readonly documentId: string;
  readonly initialReader: Reader;
}) {
  // Another device or tab may have saved a newer version meanwhile.
  const { data } = trpc.documents.get.useQuery(
    { documentId },
    { staleTime: 30_000, refetchOnWindowFocus: "always" },
  );
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const title = data?.document.title;
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Alleato Chat`;
  }, [title]);
  if (!data) return null;
  return (
    <OpenDocument
      key={documentId}
      data={data}
      initialReader={initialReader}
      Frame={PageFrame}
      view={readView(search)}
      onShow={(view) => setSearch(view === "edit" ? {} : { view }, { preventScrollReset: true })}
      onDeleted={() => void navigate("/documents")}
    />
  );
}

function readView(search: URLSearchParams): View {
  const view = search.get("view");
  return view === "preview" || view === "versions" ? view : "edit";
}

/** The frame of a document on a page of its own. */
function PageFrame({ data: { document: row }, status, actions, children }: DocumentFrameProps) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{row.title}</h1>
      <header className="flex shrink-0 flex-wrap items-center gap-x-2 border-b border-line py-2 ps-2 pe-3">
        <Link
          to="/documents"
          aria-label="All documents"
          title="All documents"
          className="inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-ink"
        >
          <ArrowLeft aria-hidden className="size-5" />
        </Link>
        <TitleField document={row} />
        <div className="flex min-h-10 max-w-full items-center gap-1 max-sm:w-full max-sm:justify-between">
          {status}
          <div className="flex">{actions}</div>
        </div>
      </header>
      {children}
    </div>
  );
}
