import type { DocumentOutput } from "api-worker/contracts/documents";
import { Play, Square } from "lucide-react";
import { type ReactNode, Suspense, useRef, useState } from "react";
import { lazyPart } from "../../../lib/new-version.ts";
import { IconButton } from "../../../ui/button.tsx";
import { runLanguageOf } from "./run-language.ts";

const loadRunPane = () => import("./run-pane.tsx");
const RunPane = lazyPart(loadRunPane);

interface RunOptions {
  readonly document: DocumentOutput;
  readonly readSource: () => string;
  /** Asks the model to repair an error; undefined where no chat is beside the document. */
  readonly onFix: ((error: string) => void) | undefined;
}

/**
 * Runs a document's code.
 *
 * @returns the button that starts and stops it, and the pane with its console; null for a document
 *   that cannot be run
 */
export function useRun({ document, readSource, onFix }: RunOptions): {
  readonly button: ReactNode;
  readonly pane: ReactNode;
} {
  const language = runLanguageOf(document);
  const [wanted, setWanted] = useState<{ id: number; source: string } | null>(null);
  const [isRunning, setRunning] = useState(false);
  const stopRef = useRef<(() => void) | null>(null);
  if (language === null) return { button: null, pane: null };
  // A page goes on until it is closed, so it can be run anew.
  const isStoppable = isRunning && language !== "html";
  const Icon = isStoppable ? Square : Play;
  return {
    button: (
      <IconButton
        label={isStoppable ? "Stop the run" : "Run"}
        onPointerEnter={() => void loadRunPane().catch(() => {})}
        onClick={() => {
          if (isStoppable) return stopRef.current?.();
          setWanted((before) => ({ id: (before?.id ?? 0) + 1, source: readSource() }));
        }}
      >
        <Icon aria-hidden className="size-[1.125rem]" />
      </IconButton>
    ),
    pane: wanted && (
      <Suspense fallback={null}>
        <RunPane
          key={wanted.id}
          language={language}
          source={wanted.source}
          stopRef={stopRef}
          onRunning={setRunning}
          onFix={onFix}
          onClose={() => setWanted(null)}
        />
      </Suspense>
    ),
  };
}
