import "../messages/markdown/markdown.css";
import type { DocumentGetOutput, DocumentOutput } from "api-worker/contracts/documents";
import { parsePicture } from "api-worker/contracts/pictures";
import { Download, Eye, History, Pencil, Trash2, X } from "lucide-react";
import { type ComponentType, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import type { Reader } from "../../lib/date-groups.ts";
import { lazyPart } from "../../lib/new-version.ts";
import { IconButton } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { lazyModal } from "../../ui/lazy-modal.tsx";
import { LazyMarkdown } from "../messages/markdown/lazy-markdown.tsx";
import { documentFileName } from "./document-file.ts";
import { DownloadButton } from "./download-button.tsx";
import type { EditorHandle } from "./editor/document-editor.tsx";
import { KindEditor } from "./kind-editor.tsx";
import { copyPicture, savePicture } from "./picture/picture-file.ts";
import { PlainContent } from "./plain-content.tsx";
import { useRun } from "./run/use-run.tsx";
import { ConflictNotice } from "./saving/conflict-notice.tsx";
import type { DocumentSaver } from "./saving/document-saver.ts";
import { ModelNotice } from "./saving/model-notice.tsx";
import { SaveState } from "./saving/save-status.tsx";
import { useDocumentSaver, useSaverState } from "./saving/use-document-saver.ts";
import { useSuggestions } from "./suggestions/use-suggestions.ts";
import { VersionsView } from "./versions/versions-view.tsx";

const PictureView = lazyPart(() => import("./picture/picture-view.tsx"));
const DeleteDocumentDialog = lazyModal(() => import("./library/delete-document-dialog.tsx"));

/** What is shown of a document: its editor, how it reads, or its versions. */
export type View = "edit" | "preview" | "versions";

/** What surrounds a document: a page or a panel. */
export interface DocumentFrameProps {
  readonly data: DocumentGetOutput;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  /** What the document's model can be asked for; none on a page. */
  readonly toolbar?: ReactNode;
  readonly children: ReactNode;
}

export interface OpenDocumentProps {
  readonly data: DocumentGetOutput;
  readonly initialReader: Reader;
  readonly Frame: ComponentType<DocumentFrameProps>;
  readonly view: View;
  readonly onShow: (view: View) => void;
  /** Called when the document was deleted here. */
  readonly onDeleted: () => void;
  /** Makes the toolbar of a document that has its chat beside it. */
  readonly toolbar?: (document: DocumentOutput, saver: DocumentSaver) => ReactNode;
  /** Asks the model to repair what a run of the document has told; none without a chat beside it. */
  readonly onFix?: (document: DocumentOutput, saver: DocumentSaver, error: string) => void;
}

/** A document in its editor, with its versions. */
export function OpenDocument(props: OpenDocumentProps) {
  const { data, Frame } = props;
  const saver = useDocumentSaver(data);
  if (saver === null) {
    return (
      <Frame data={data}>
        {data.document.kind !== "image" && (
          <PlainContent kind={data.document.kind} content={data.content} />
        )}
      </Frame>
    );
  }
  return <EditedDocument {...props} saver={saver} />;
}

function EditedDocument({
  data,
  saver,
  initialReader,
  Frame,
  view,
  onShow,
  onDeleted,
  toolbar,
  onFix,
}: OpenDocumentProps & { readonly saver: DocumentSaver }) {
  const { document: row } = data;
  const state = useSaverState(saver);
  const suggestions = useSuggestions(row, saver);
  const editorRef = useRef<EditorHandle>(null);
  const run = useRun({
    document: row,
    readSource: () => saver.content,
    onFix: onFix && ((error) => onFix(row, saver, error)),
  });
  const replace = (content: string) => editorRef.current?.replace(content);

  useEffect(() => {
    const newest = { version: data.version.version, content: data.content };
    if (saver.adopt(newest)) editorRef.current?.replace(newest.content);
  }, [saver, data]);

  return (
    <Frame
      data={data}
      status={<SaveState state={state} />}
      toolbar={toolbar?.(row, saver)}
      actions={
        <>
          {run.button}
          <Actions {...{ data, saver, view, onShow, onDeleted }} />
        </>
      }
    >
      {state.status === "conflict" && (
        <ConflictNotice document={row} saver={saver} onReplace={replace} />
      )}
      {data.version.madeFrom !== null &&
        row.kind !== "image" &&
        state.status === "saved" &&
        state.version === data.version.version && (
          <ModelNotice key={data.version.version} data={data} saver={saver} onReplace={replace} />
        )}
      {state.status === "deleted" && <DeletedNotice saver={saver} data={data} />}
      {view === "versions" ? (
        <VersionsView
          document={row}
          initialReader={initialReader}
          onRestored={(base) => {
            saver.resolve(base);
            onShow("edit");
          }}
          beforeRestore={() => saver.saveAll()}
        />
      ) : row.kind === "image" ? (
        <Suspense>
          <PictureView content={saver.content} title={row.title} />
        </Suspense>
      ) : view === "preview" && row.kind === "text" ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div dir="auto" className="md mx-auto w-full max-w-3xl px-6 py-6">
            <LazyMarkdown text={saver.content} isStreaming={false} />
          </div>
        </div>
      ) : (
        <KindEditor
          document={row}
          readContent={() => saver.content}
          handleRef={editorRef}
          onEdit={(read) => saver.edit(read)}
          onBlur={() => void saver.flush()}
          suggestions={suggestions}
        />
      )}
      {run.pane}
    </Frame>
  );
}

interface ActionsProps {
  readonly data: DocumentGetOutput;
  readonly saver: DocumentSaver;
  readonly view: View;
  readonly onShow: (view: View) => void;
  readonly onDeleted: () => void;
}

function Actions({ data: { document: row }, saver, view, onShow, onDeleted }: ActionsProps) {
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      {view === "edit" ? (
        row.kind === "text" && (
          <IconButton label="Preview" onClick={() => onShow("preview")}>
            <Eye aria-hidden className="size-[1.125rem]" />
          </IconButton>
        )
      ) : (
        <IconButton label={row.kind === "image" ? "View" : "Edit"} onClick={() => onShow("edit")}>
          {row.kind === "image" ? (
            <Eye aria-hidden className="size-[1.125rem]" />
          ) : (
            <Pencil aria-hidden className="size-[1.125rem]" />
          )}
        </IconButton>
      )}
      <IconButton
        label="Versions"
        aria-pressed={view === "versions"}
        onClick={() => onShow(view === "versions" ? "edit" : "versions")}
      >
        <History aria-hidden className="size-[1.125rem]" />
      </IconButton>
      {row.kind === "image" ? (
        <PictureActions document={row} content={saver.content} />
      ) : (
        <>
          <CopyButton label="Copy" text={() => Promise.resolve(saver.content)} isLarge />
          <DownloadButton label="Download" document={row} readContent={() => saver.content} />
        </>
      )}
      <IconButton label="Delete" onClick={() => setDeleting(true)}>
        <Trash2 aria-hidden className="size-[1.125rem]" />
      </IconButton>
      {isDeleting && (
        <DeleteDocumentDialog
          document={row}
          onClose={() => setDeleting(false)}
          onDeleted={onDeleted}
        />
      )}
    </>
  );
}

interface PictureActionsProps {
  readonly document: DocumentOutput;
  readonly content: string;
}

function PictureActions({ document, content }: PictureActionsProps) {
  const picture = parsePicture(content);
  const [isFailed, setFailed] = useState(false);
  if (!picture) return null;
  async function save() {
    setFailed(false);
    await savePicture(picture?.url ?? "", documentFileName(document)).catch(() => setFailed(true));
  }
  return (
    <>
      <CopyButton label="Copy picture" write={() => copyPicture(picture.url)} isLarge />
      <IconButton label={isFailed ? "Couldn’t download" : "Download"} onClick={() => void save()}>
        {isFailed ? (
          <X aria-hidden className="size-[1.125rem] text-danger" />
        ) : (
          <Download aria-hidden className="size-[1.125rem]" />
        )}
      </IconButton>
    </>
  );
}

function DeletedNotice({ saver, data }: { saver: DocumentSaver; data: DocumentGetOutput }) {
  return (
    <section
      aria-label="Deleted document"
      className="flex shrink-0 flex-wrap items-center gap-3 border-b border-line bg-danger-soft px-6 py-3"
    >
      <p role="alert" className="flex-1">
        This document was deleted somewhere else. Download your text to keep it.
      </p>
      <DownloadButton
        label="Download your text"
        document={data.document}
        readContent={() => saver.content}
      />
    </section>
  );
}
