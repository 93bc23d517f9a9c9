import type { DocumentOutput, DocumentVersionOutput } from "api-worker/contracts/documents";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Suspense, useState } from "react";
import type { Reader } from "../../../lib/date-groups.ts";
import { errorText } from "../../../lib/error-text.ts";
import { lazyPart } from "../../../lib/new-version.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { LoadFailure, LoadingLines } from "../../../ui/load-state.tsx";
import type { BaseVersion } from "../saving/document-saver.ts";

const VersionDiff = lazyPart(() => import("./version-diff.tsx"));
const PictureDiff = lazyPart(() => import("../picture/picture-diff.tsx"));
const SheetDiff = lazyPart(() => import("../sheet/shown/sheet-diff.tsx"));

interface VersionsViewProps {
  readonly document: DocumentOutput;
  readonly initialReader: Reader;
  /**
   * Saves what is not saved yet, so that a restored version replaces nothing.
   *
   * @returns whether everything is saved
   */
  readonly beforeRestore: () => Promise<boolean>;
  readonly onRestored: (base: BaseVersion) => void;
}

/** A document's versions: a list, the changes of each, and a button that restores it. */
export function VersionsView(props: VersionsViewProps) {
  const { document, initialReader } = props;
  const documentId = document.id;
  const reader = useReader(initialReader);
  const list = trpc.documents.versions.useInfiniteQuery(
    { documentId },
    { getNextPageParam: ({ nextCursor }) => nextCursor, staleTime: 0 },
  );
  const versions = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const [chosen, setChosen] = useState<number | null>(null);
  const index = Math.max(
    0,
    versions.findIndex(({ version }) => version === chosen),
  );
  const shown = versions[index];
  if (list.isError && !list.data) {
    return (
      <LoadFailure
        className="p-6"
        error={list.error}
        isPending={list.isFetching}
        onRetry={() => void list.refetch()}
      />
    );
  }
  if (!shown) {
    return <LoadingLines label="Loading versions" widths={[60, 45, 70]} className="p-6" />;
  }
  const older = versions[index + 1];
  const step = (by: number) => setChosen(versions[index + by]?.version ?? null);
  return (
    <div className="@container flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col @2xl:flex-row">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
            <IconButton
              label="Older version"
              disabled={!older && !list.hasNextPage}
              onClick={() => (older ? step(1) : void list.fetchNextPage())}
            >
              <ChevronLeft aria-hidden className="size-5" />
            </IconButton>
            <IconButton label="Newer version" disabled={index === 0} onClick={() => step(-1)}>
              <ChevronRight aria-hidden className="size-5" />
            </IconButton>
            <p className="min-w-0 flex-1" aria-live="polite">
              <span className="font-medium">{`Version ${shown.number}`}</span>{" "}
              <span className="text-sm text-muted">
                {older ? `compared with version ${older.number}` : "the first version"}
              </span>
            </p>
            <RestoreButton {...props} version={shown} isNewest={index === 0} />
          </div>
          <Comparison document={document} version={shown} older={older} />
        </div>
        <nav
          aria-label="Versions"
          className="max-h-48 shrink-0 overflow-y-auto border-t border-line p-2 @2xl:max-h-none @2xl:w-64 @2xl:border-s @2xl:border-t-0"
        >
          <ol>
            {versions.map((version) => (
              <li key={version.version}>
                <VersionButton
                  version={version}
                  reader={reader}
                  isShown={version === shown}
                  onShow={() => setChosen(version.version)}
                />
              </li>
            ))}
          </ol>
          {list.hasNextPage && (
            <Button
              isSmall
              look="quiet"
              className="w-full"
              isPending={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </nav>
      </div>
    </div>
  );
}

const authors = { person: "You", model: "Model" } as const;

interface VersionButtonProps {
  readonly version: DocumentVersionOutput;
  readonly reader: Reader;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function VersionButton({ version, reader, isShown, onShow }: VersionButtonProps) {
  const { number, author, status, restoredFrom, createdAt } = version;
  const time = new Intl.DateTimeFormat("en", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: reader.timeZone,
  });
  const notes = [
    authors[author],
    restoredFrom !== null && `restored from version ${restoredFrom}`,
    status !== "complete" && status,
  ].filter(Boolean);
  return (
    <button
      type="button"
      aria-current={isShown ? "true" : undefined}
      onClick={onShow}
      className={classNames(
        "w-full rounded-lg px-3 py-2 text-start transition-colors",
        isShown ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <span className="block font-medium">{`Version ${number}`}</span>
      <span className="block text-sm text-muted">{time.format(createdAt)}</span>
      <span className="block text-sm text-muted">{notes.join(", ")}</span>
    </button>
  );
}

interface ComparisonProps {
  readonly document: DocumentOutput;
  readonly version: DocumentVersionOutput;
  readonly older: DocumentVersionOutput | undefined;
}

function Comparison({ document, version, older }: ComparisonProps) {
  const documentId = document.id;
  // A version never changes.
  const forever = { staleTime: Number.POSITIVE_INFINITY };
  const after = trpc.documents.get.useQuery({ documentId, version: version.version }, forever);
  const before = trpc.documents.get.useQuery(
    { documentId, version: older?.version ?? version.version },
    { ...forever, enabled: older !== undefined },
  );
  const failed = [after, before].find(({ isError }) => isError);
  if (failed) {
    return (
      <LoadFailure
        className="p-6"
        error={failed.error}
        isPending={failed.isFetching}
        onRetry={() => void failed.refetch()}
      />
    );
  }
  const loading = <LoadingLines label="Loading version" widths={[80, 65, 75]} className="p-6" />;
  if (!after.data || (older && !before.data)) return loading;
  const contents = {
    label: `Version ${version.number}`,
    before: before.data && older ? before.data.content : after.data.content,
    after: after.data.content,
  };
  const { kind, language, title } = document;
  return (
    <Suspense fallback={loading}>
      {kind === "image" ? (
        <PictureDiff
          label={contents.label}
          before={(older && before.data?.content) ?? null}
          after={contents.after}
        />
      ) : kind === "sheet" ? (
        <SheetDiff {...contents} />
      ) : (
        <VersionDiff {...contents} {...{ kind, language, title }} />
      )}
    </Suspense>
  );
}

interface RestoreButtonProps extends VersionsViewProps {
  readonly version: DocumentVersionOutput;
  readonly isNewest: boolean;
}

function RestoreButton(props: RestoreButtonProps) {
  const { document, version, isNewest, beforeRestore, onRestored } = props;
  const documentId = document.id;
  const utils = trpc.useUtils();
  const restore = trpc.documents.restore.useMutation();
  const [problem, setProblem] = useState<string | null>(null);
  if (isNewest) return <p className="text-sm text-muted">Newest</p>;

  async function run() {
    setProblem(null);
    try {
      if (!(await beforeRestore())) {
        setProblem("Your changes aren’t saved yet, and restoring would replace them.");
        return;
      }
      const { content } = await utils.documents.get.fetch({ documentId, version: version.version });
      const restored = await restore.mutateAsync({ documentId, version: version.version });
      void utils.documents.versions.invalidate({ documentId });
      void utils.documents.list.invalidate();
      void utils.documents.get.invalidate({ documentId });
      onRestored({ version: restored.version, content });
    } catch (error) {
      setProblem(errorText(error));
    }
  }

  return (
    <>
      <Alert>{problem}</Alert>
      <Button isSmall look="primary" isPending={restore.isPending} onClick={() => void run()}>
        Restore this version
      </Button>
    </>
  );
}
