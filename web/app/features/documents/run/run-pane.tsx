import { X } from "lucide-react";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStore } from "../../../lib/store.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { Spinner } from "../../../ui/spinner.tsx";
import { CodeRun, type RunEntry, type RunState } from "./code-run.ts";
import { fixLabel } from "./fix-request.ts";
import { framesIn } from "./run-frame.ts";
import type { RunLanguage } from "./run-language.ts";
import { runText } from "./run-text.ts";

interface RunPaneProps {
  readonly language: RunLanguage;
  readonly source: string;
  /** Set to what stops the run. */
  readonly stopRef: RefObject<(() => void) | null>;
  readonly onRunning: (isRunning: boolean) => void;
  readonly onFix: ((error: string) => void) | undefined;
  readonly onClose: () => void;
}

/** One run of a document: its console and, for HTML, its page. Leaving it ends the run. */
export default function RunPane({ language, source, ...props }: RunPaneProps) {
  const { stopRef, onRunning } = props;
  const hostRef = useRef<HTMLDivElement>(null);
  const [run, setRun] = useState<CodeRun | null>(null);
  useEffect(() => {
    if (!hostRef.current) return;
    const started = new CodeRun({ language, source, openFrame: framesIn(hostRef.current) });
    const tell = () => onRunning(started.store.value.outcome === null);
    const unsubscribe = started.store.subscribe(tell);
    tell();
    stopRef.current = () => started.stop();
    setRun(started);
    return () => {
      stopRef.current = null;
      started.dispose();
      unsubscribe();
      onRunning(false);
    };
  }, [language, source, stopRef, onRunning]);
  return (
    <section
      aria-label="Run"
      className="flex h-[45%] min-h-40 shrink-0 flex-col border-t border-line bg-surface"
    >
      {run ? (
        <RunHeader run={run} language={language} {...props} />
      ) : (
        <div className="min-h-11 border-b border-line" />
      )}
      <div
        ref={hostRef}
        // Pages are made for a white ground.
        className="contents [&>iframe]:min-h-0 [&>iframe]:w-full [&>iframe]:flex-[2] [&>iframe]:border-0 [&>iframe]:bg-[#fff]"
      />
      {run && <Console run={run} isQuiet={language === "html"} />}
    </section>
  );
}

type HeaderProps = Omit<RunPaneProps, "source" | "onRunning" | "stopRef"> & {
  readonly run: CodeRun;
};

function RunHeader({ run, language, onFix, onClose }: HeaderProps) {
  const state = useStore(run.store, (value) => value, run.store.value);
  const isRunning = state.outcome === null;
  const { error } = state;
  return (
    <header className="flex min-h-11 shrink-0 items-center gap-2 border-b border-line py-1 ps-5 pe-2 text-sm">
      {isRunning && language !== "html" && <Spinner className="size-3.5 shrink-0" />}
      <p
        role="status"
        className={classNames(
          "min-w-0 flex-1",
          !isRunning && state.outcome !== "done" && state.outcome !== "stopped"
            ? "text-danger"
            : "text-muted",
        )}
      >
        {runText(state, language)}
      </p>
      {onFix && error !== null && (
        <Button isSmall look="primary" onClick={() => onFix(error)}>
          {fixLabel}
        </Button>
      )}
      {isRunning && (
        <Button isSmall onClick={() => run.stop()}>
          Stop
        </Button>
      )}
      <IconButton label="Close the console" onClick={onClose}>
        <X aria-hidden className="size-[1.125rem]" />
      </IconButton>
    </header>
  );
}

/** A reader this near to the end follows it, in px. */
const nearPx = 48;

/** @param isQuiet whether the console takes no room while it is empty */
function Console({ run, isQuiet }: { readonly run: CodeRun; readonly isQuiet: boolean }) {
  const { entries, outcome }: RunState = useStore(run.store, (value) => value, run.store.value);
  const ref = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element && follows.current && entries.length > 0) element.scrollTop = element.scrollHeight;
  }, [entries]);
  const isEmpty = entries.length === 0;
  return (
    <div
      ref={ref}
      role="log"
      aria-label="Console"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < nearPx;
      }}
      className={classNames(
        "min-h-0 flex-1 overflow-y-auto px-5 py-3 font-mono text-[0.8125rem] leading-relaxed outline-offset-[-2px]",
        isQuiet && "border-t border-line",
        isQuiet && isEmpty && outcome === null && "hidden",
      )}
    >
      {isEmpty && outcome === "done" && <p className="text-muted">No output</p>}
      {entries.map((entry, index) => (
        <Entry key={index} entry={entry} />
      ))}
    </div>
  );
}

const streamLooks = {
  stdout: "",
  stderr: "text-danger",
  result: "text-accent",
  note: "text-muted italic",
} as const;

function Entry({ entry }: { readonly entry: RunEntry }) {
  if (entry.kind === "picture") {
    return (
      <img src={entry.url} alt="Made by the run" className="my-2 max-w-full rounded bg-[#fff]" />
    );
  }
  return (
    <pre
      data-stream={entry.stream}
      className={classNames("whitespace-pre-wrap break-words", streamLooks[entry.stream])}
    >
      {entry.text}
    </pre>
  );
}
