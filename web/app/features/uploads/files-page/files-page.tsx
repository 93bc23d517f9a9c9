import type { ListedUploadOutput } from "api-worker/contracts";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Link, useSearchParams } from "react-router";
import type { Reader } from "../../../lib/date-groups.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { classNames } from "../../../ui/class-names.ts";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { ShowMore } from "../../../ui/show-more.tsx";
import { StorageMeter } from "../../storage/storage-meter.tsx";
import { DeleteFileDialog } from "./delete-file-dialog.tsx";
import { FileRow } from "./file-row.tsx";
import { type FileSort, fileSorts, readFileSort } from "./file-sort.ts";

/** How long the data that arrived with the page is fresh, in ms. Messages add and remove files. */
const staleAfterMs = 3_000;

/** The viewer's files with their sizes and uses, and the storage left. */
export function FilesPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const [search] = useSearchParams();
  const sort = readFileSort(search);
  const list = trpc.uploads.list.useInfiniteQuery(
    { sort },
    {
      getNextPageParam: ({ nextCursor }) => nextCursor,
      staleTime: staleAfterMs,
      placeholderData: (before) => before,
    },
  );
  const files = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const storage = list.data?.pages[0]?.storage;
  const titleRef = useRef<HTMLHeadingElement>(null);
  const [toDelete, setToDelete] = useState<ListedUploadOutput | null>(null);
  const [deletedName, setDeletedName] = useState<string | null>(null);

  return (
    <>
      <header>
        <h1
          ref={titleRef}
          tabIndex={-1}
          className="text-2xl font-semibold tracking-tight outline-none"
        >
          Files
        </h1>
        <p className="mt-1.5 text-muted text-pretty">
          Files you attached to messages. Only you, and people who can see a chat you shared, can
          open them. A file is deleted with the last chat that contains it.
        </p>
      </header>
      {list.isPending && <LoadingLines label="Loading files" widths={[70, 45, 60]} />}
      {list.isError && !list.data && <QueryFailure query={list} />}
      {storage && <StorageMeter storage={storage} />}
      {list.data && (
        <section aria-labelledby="all-files">
          <div className="flex min-h-10 flex-wrap items-center justify-between gap-3">
            <h2 id="all-files" className="text-lg font-semibold tracking-tight">
              Your files
            </h2>
            {files.length > 1 && <SortChoice sort={sort} />}
          </div>
          {files.length === 0 ? (
            <p className="mt-2 text-muted text-pretty">
              No files yet. Attach files with the paper clip, drop them on a chat, or paste them.
            </p>
          ) : (
            <ul
              aria-busy={list.isPlaceholderData}
              className={classNames(
                "mt-3 divide-y divide-line border-y border-line",
                list.isPlaceholderData && "opacity-60",
              )}
            >
              {files.map((file) => (
                <FileRow
                  key={file.id}
                  file={file}
                  reader={reader}
                  onDelete={() => setToDelete(file)}
                />
              ))}
            </ul>
          )}
          <ShowMore query={list} endRef={titleRef} className="mt-5" />
        </section>
      )}
      <p role="status" className="sr-only">
        {deletedName && `${deletedName} was deleted.`}
      </p>
      {toDelete && (
        <DeleteFileDialog
          file={toDelete}
          onClose={() => setToDelete(null)}
          onDeleted={() => {
            setDeletedName(toDelete.name);
            // Nothing outside a modal dialog can take the focus, so close it first.
            flushSync(() => setToDelete(null));
            titleRef.current?.focus();
          }}
        />
      )}
    </>
  );
}

const sortNames: Record<FileSort, string> = { newest: "Newest", largest: "Largest" };

function SortChoice({ sort }: { sort: FileSort }) {
  return (
    <nav aria-label="Order" className="flex rounded-lg border border-line p-0.5">
      {fileSorts.map((one) => (
        <Link
          key={one}
          to={one === "newest" ? "?" : `?sort=${one}`}
          replace
          preventScrollReset
          aria-current={one === sort ? "true" : undefined}
          className={classNames(
            "inline-flex min-h-8 items-center rounded-md px-3 text-sm transition-colors max-md:min-h-9",
            one === sort ? "bg-selected font-medium" : "text-muted hover:text-ink",
          )}
        >
          {sortNames[one]}
        </Link>
      ))}
    </nav>
  );
}
