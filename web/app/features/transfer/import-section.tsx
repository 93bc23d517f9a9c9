import { FileUp } from "lucide-react";
import { type DragEvent, useEffect, useId, useRef, useState } from "react";
import { Alert } from "../../ui/alert.tsx";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import type { ImportRun } from "./import-run.ts";
import { ImportSummary } from "./import-summary.tsx";
import { useImport } from "./use-import.ts";

/** Imports chats from a file. */
export function ImportSection() {
  const { run, state } = useImport();
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      className="rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6"
    >
      <h2 id={titleId} className="text-lg font-semibold tracking-tight">
        Import chats
      </h2>
      <p className="mt-1 text-muted text-pretty">
        From an Alleato Chat JSON file, ChatGPT’s <code>conversations.json</code>, or the tables of
        the Next.js chat template. Your existing chats aren’t changed.
      </p>
      <div className="mt-4">
        <Alert>{state.kind === "refused" && `${state.fileName}: ${state.problem}`}</Alert>
        {(state.kind === "idle" || state.kind === "refused") && <FileChoice run={run} />}
        {(state.kind === "reading" || state.kind === "running") && <Progress state={state} />}
        {state.kind === "held" && (
          <>
            <Alert>{`${state.problem} ${progressOf(state)} were processed.`}</Alert>
            <div className="flex flex-wrap gap-3">
              <Button look="primary" onClick={() => void run.goOn()}>
                Go on
              </Button>
              <Button onClick={() => run.clear()}>Stop here</Button>
            </div>
          </>
        )}
        {state.kind === "done" && <ImportSummary result={state} onClear={() => run.clear()} />}
      </div>
    </section>
  );
}

/** A drop zone with a button that opens the file picker. */
function FileChoice({ run }: { run: ImportRun }) {
  const inputRef = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  useNoStrayDrop();

  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file) void run.start(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first.
    <div
      data-drop-zone
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
      }}
      onDrop={drop}
      className={classNames(
        "grid justify-items-center gap-3 rounded-xl border-2 border-dashed px-4 py-8 text-center transition-colors",
        isOver ? "border-accent bg-accent-soft" : "border-line-strong/60",
      )}
    >
      <FileUp aria-hidden className="size-6 text-muted" />
      <Button look="primary" onClick={() => inputRef.current?.click()}>
        Choose a file
      </Button>
      <p className="text-sm text-muted">or drop it here</p>
      <input
        ref={inputRef}
        type="file"
        accept=".json,application/json"
        aria-label="File to import"
        hidden
        onChange={(event) => {
          take(event.target.files);
          // Allows choosing the same file again.
          event.target.value = "";
        }}
      />
    </div>
  );
}

/** Otherwise the browser would leave the page and open a file that is dropped outside the zone. */
function useNoStrayDrop(): void {
  useEffect(() => {
    const keep = (event: Event) => event.preventDefault();
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
}

type OfFile = Extract<ImportRun["state"], { kind: "running" | "held" }>;

function progressOf({ doneCount, totalCount, hasDocuments }: OfFile): string {
  return `${doneCount} of ${totalCount} chats${hasDocuments ? " and documents" : ""}`;
}

interface ProgressProps {
  readonly state: Extract<ImportRun["state"], { kind: "reading" | "running" }>;
}

function Progress({ state }: ProgressProps) {
  const count = state.kind === "running" ? state : null;
  return (
    <div>
      <p role="status" className="wrap-anywhere">
        Importing {state.fileName}
      </p>
      <progress
        aria-label="Progress of the import"
        {...(count && { value: count.doneCount, max: Math.max(1, count.totalCount) })}
        className="meter mt-3 block w-full"
      />
      <p className="mt-1.5 text-sm text-muted tabular-nums">
        {count ? progressOf(count) : "Reading file"}
        {count?.isPaused && ". A lot was imported within a minute, so this waits a moment."}
      </p>
    </div>
  );
}
