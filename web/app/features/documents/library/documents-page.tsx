import type { DocumentKind } from "api-worker/contracts/documents";
import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { v4 as uuid } from "uuid";
import type { Reader } from "../../../lib/date-groups.ts";
import { errorText } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { Button } from "../../../ui/button.tsx";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { ShowMore } from "../../../ui/show-more.tsx";
import { DocumentRow } from "./document-row.tsx";
import { DocumentSearchField, FoundDocuments } from "./document-search.tsx";

/** The viewer's documents, last changed first, or those that have the words of a search. */
export function DocumentsPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const list = trpc.documents.list.useInfiniteQuery(
    {},
    { getNextPageParam: ({ nextCursor }) => nextCursor, staleTime: 3_000 },
  );
  const titleRef = useRef<HTMLHeadingElement>(null);
  const [text, setText] = useState("");
  const isSearching = text.trim() !== "";
  const documents = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid w-full max-w-2xl grid-cols-1 gap-6 px-4 py-6 sm:px-6 sm:py-10">
        <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
          <div className="min-w-60 flex-1">
            <h1
              ref={titleRef}
              tabIndex={-1}
              className="text-2xl font-semibold tracking-tight outline-none"
            >
              Documents
            </h1>
            <p className="mt-1.5 text-muted text-pretty">
              Texts, code and sheets that you write here. Every version is kept. Code gets its
              colors from a title like “sort.py”.
            </p>
          </div>
          <NewDocument />
        </header>
        {list.isPending && <LoadingLines label="Loading documents" widths={[70, 45, 60]} />}
        {list.isError && !list.data && <QueryFailure query={list} />}
        {list.data && documents.length === 0 && (
          <p className="text-muted">No documents yet. Documents you create will appear here.</p>
        )}
        {(documents.length > 0 || isSearching) && (
          <DocumentSearchField text={text} onChange={setText} />
        )}
        {isSearching && <FoundDocuments text={text} reader={reader} />}
        {documents.length > 0 && !isSearching && (
          <ul className="divide-y divide-line border-y border-line">
            {documents.map(({ id, kind, language, title, updatedAt }) => (
              <DocumentRow
                key={id}
                {...{ id, kind, language, title, reader }}
                editedAt={updatedAt}
              />
            ))}
          </ul>
        )}
        {!isSearching && <ShowMore query={list} endRef={titleRef} />}
      </div>
    </div>
  );
}

/** The kinds that a person can begin without the model. */
type HandMadeKind = Exclude<DocumentKind, "image">;

const titles: Record<HandMadeKind, string> = {
  text: "Untitled text",
  code: "Untitled code",
  sheet: "Untitled sheet",
};

function NewDocument() {
  const navigate = useNavigate();
  const utils = trpc.useUtils();
  // A second press, or one after a lost response, makes no second document.
  const key = useRef(uuid());
  const create = trpc.documents.create.useMutation({
    async onSuccess({ id }) {
      key.current = uuid();
      void utils.documents.list.invalidate();
      await navigate(`/documents/${id}`);
    },
  });
  const make = (kind: HandMadeKind) =>
    create.mutate({ key: key.current, kind, title: titles[kind], content: "" });
  const isPending = (kind: HandMadeKind) => create.isPending && create.variables.kind === kind;
  return (
    <div>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" isPending={isPending("text")} onClick={() => make("text")}>
          <Plus aria-hidden className="size-[1.125rem]" />
          New text
        </Button>
        <Button isPending={isPending("code")} onClick={() => make("code")}>
          <Plus aria-hidden className="size-[1.125rem]" />
          New code
        </Button>
        <Button isPending={isPending("sheet")} onClick={() => make("sheet")}>
          <Plus aria-hidden className="size-[1.125rem]" />
          New sheet
        </Button>
      </div>
      <p role="alert" className="mt-2 text-sm text-danger empty:hidden">
        {create.isError && errorText(create.error)}
      </p>
    </div>
  );
}
