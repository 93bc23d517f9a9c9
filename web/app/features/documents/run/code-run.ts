import { Store } from "../../../lib/store.ts";
import { OutputBudget } from "./output-budget.ts";
import { type LoadPackageFiles, loadPackageFiles } from "./packages/load-package-files.ts";
import type { PackageFile } from "./packages/package-files.ts";
import type { OpenFrame, RunFrame } from "./run-frame.ts";
import type { RunLanguage } from "./run-language.ts";
import { runLimits } from "./run-limits.ts";
import { type OutputPiece, type RunMessage, runMessageSchema } from "./run-messages.ts";

export type RunPhase = "loading" | "packages" | "running";

/** How a run has ended. */
export type RunOutcome =
  | "done"
  | "failed"
  | "stopped"
  | "overflow"
  | "not-loaded"
  /** What arrived was not a message of a run. */
  | "refused"
  /** A phase took too long. */
  | `slow-${RunPhase}`;

export type RunEntry =
  | ({ readonly kind: "text" } & OutputPiece)
  | { readonly kind: "picture"; readonly url: string };

export interface RunState {
  readonly phase: RunPhase;
  /** null while it goes on. */
  readonly outcome: RunOutcome | null;
  readonly entries: readonly RunEntry[];
  /** Why what ran has failed. */
  readonly error: string | null;
  /** How long it ran, without what was loaded; null before its end, and if it never ran. */
  readonly ranMs: number | null;
}

interface RunOptions {
  readonly language: RunLanguage;
  readonly source: string;
  readonly openFrame: OpenFrame;
  /** Loads from the server; a test's own. */
  readonly loadFiles?: LoadPackageFiles;
}

const phases: readonly RunPhase[] = ["loading", "packages", "running"];
const phaseLimits = {
  loading: runLimits.loadingMs,
  packages: runLimits.packagesMs,
  running: runLimits.runningMs,
};

/** One run of a document's code, from its start to its end. Holds its frame, its clocks and its output. */
export class CodeRun {
  readonly store = new Store<RunState>({
    phase: "loading",
    outcome: null,
    entries: [],
    error: null,
    ranMs: null,
  });
  readonly #language: RunLanguage;
  readonly #budget = new OutputBudget();
  readonly #frame: RunFrame;
  readonly #loadFiles: LoadPackageFiles;
  /** Ends what is still being loaded. */
  readonly #ending = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #messages = 0;
  #pictures = 0;
  #hasAskedForPackages = false;
  #runningSinceMs: number | null = null;

  constructor({ language, source, openFrame, loadFiles = loadPackageFiles }: RunOptions) {
    this.#language = language;
    this.#loadFiles = loadFiles;
    this.#setClock("loading");
    this.#frame = openFrame({ language, source, onMessage: (data) => this.#receive(data) });
  }

  get #isOver(): boolean {
    return this.store.value.outcome !== null;
  }

  /** Ends the run at once. */
  stop(): void {
    this.#end("stopped");
  }

  /** Ends the run, and frees its pictures. */
  dispose(): void {
    this.stop();
    for (const entry of this.store.value.entries) {
      if (entry.kind === "picture") URL.revokeObjectURL(entry.url);
    }
  }

  #receive(data: unknown): void {
    if (this.#isOver) return;
    this.#messages += 1;
    const { success, data: message } = runMessageSchema.safeParse(data);
    if (this.#messages > runLimits.messagesMax) this.#end("overflow");
    else if (success) this.#take(message);
    else this.#end("refused");
  }

  #take(message: RunMessage): void {
    switch (message.type) {
      case "phase":
        this.#enter(message.phase);
        break;
      case "packages":
        this.#loadPackages(message.files);
        break;
      case "output":
        for (const piece of message.pieces) this.#addText(piece);
        break;
      case "picture":
        this.#addPicture(message.png);
        break;
      case "error":
        this.#addText({ stream: "stderr", text: `${message.text}\n` });
        this.#set({ error: message.text });
        break;
      case "end":
        this.#end(message.reason === "done" && this.store.value.error ? "failed" : message.reason);
        break;
    }
  }

  /** Phases only advance, so that what runs cannot begin its time anew. */
  #enter(phase: RunPhase): void {
    if (phases.indexOf(phase) <= phases.indexOf(this.store.value.phase)) return;
    if (phase === "running") this.#runningSinceMs = performance.now();
    this.#setClock(phase);
    this.#set({ phase });
  }

  /** Only before the code runs, and once: the page fetches nothing for what runs. */
  #loadPackages(files: readonly PackageFile[]): void {
    if (this.#hasAskedForPackages || this.store.value.phase !== "packages") {
      this.#end("refused");
      return;
    }
    this.#hasAskedForPackages = true;
    this.#loadFiles(files, this.#ending.signal).then(
      (loaded) => {
        if (!this.#isOver) this.#frame.send({ type: "packages", files: loaded });
      },
      // Rejects when the run has ended meanwhile, and for nothing else.
      () => {},
    );
  }

  #setClock(phase: RunPhase): void {
    clearTimeout(this.#timer);
    // A page is shown until its reader ends it.
    if (phase === "running" && this.#language === "html") return;
    this.#timer = setTimeout(() => this.#end(`slow-${phase}`), phaseLimits[phase]);
  }

  #addText({ stream, text }: OutputPiece): void {
    if (this.#isOver) return;
    const { fitting, isTooMuch } = this.#budget.take(text);
    const { entries } = this.store.value;
    const last = entries.at(-1);
    if (fitting !== "") {
      const isMore = last?.kind === "text" && last.stream === stream;
      const entry = { kind: "text", stream, text: isMore ? last.text + fitting : fitting } as const;
      this.#set({ entries: [...(isMore ? entries.slice(0, -1) : entries), entry] });
    }
    if (isTooMuch) this.#end("overflow");
  }

  #addPicture(png: Uint8Array): void {
    this.#pictures += 1;
    if (this.#pictures > runLimits.picturesMax) {
      this.#end("overflow");
      return;
    }
    const url = URL.createObjectURL(new Blob([Uint8Array.from(png)], { type: "image/png" }));
    this.#set({ entries: [...this.store.value.entries, { kind: "picture", url }] });
  }

  #end(outcome: RunOutcome): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.#ending.abort();
    this.#frame.close();
    const since = this.#runningSinceMs;
    this.#set({ outcome, ranMs: since === null ? null : performance.now() - since });
  }

  #set(change: Partial<RunState>): void {
    this.store.set({ ...this.store.value, ...change });
  }
}
