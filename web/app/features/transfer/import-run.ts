import type { ChatImportOutput } from "api-worker/contracts/transfer";
import { v7 as uuidv7 } from "uuid";
import { errorText, readError } from "../../lib/error-text.ts";
import { Store } from "../../lib/store.ts";
import { isTooLarge, type Piece, splitFile } from "./split-file.ts";

export interface ImportResult {
  readonly imported: readonly {
    readonly kind: Piece["kind"];
    readonly id: string;
    readonly title: string;
  }[];
  /** Chats and documents that were not imported, each with the reason. */
  readonly failures: readonly {
    readonly kind: Piece["kind"];
    /** Place among the file's chats or documents, from 1. */
    readonly place: number;
    readonly title: string | null;
    readonly message: string;
    /** Whether the storage is full. */
    readonly isStorageFull: boolean;
  }[];
}

interface OfFile extends ImportResult {
  readonly fileName: string;
  /** Chats and documents processed so far, and those in the file. */
  readonly doneCount: number;
  readonly totalCount: number;
  /** Whether the file has documents beside its chats. */
  readonly hasDocuments: boolean;
}

export type ImportState =
  | { readonly kind: "idle" }
  | { readonly kind: "reading"; readonly fileName: string }
  | ({
      readonly kind: "running";
      /** Whether the next piece waits, because much was imported within a minute. */
      readonly isPaused: boolean;
    } & OfFile)
  /** Interrupted; it can continue where it stopped. */
  | ({ readonly kind: "held"; readonly problem: string } & OfFile)
  /** The file cannot be read at all. */
  | { readonly kind: "refused"; readonly fileName: string; readonly problem: string }
  | ({ readonly kind: "done" } & OfFile);

export interface ImportPort {
  send(input: { data: unknown; importId: string }): Promise<ChatImportOutput>;
  wait(ms: number): Promise<void>;
  /** Called when something was imported, so that lists are fetched again. */
  onImported(): void;
}

/** How often a piece is sent that has to wait for earlier ones, also those of another tab. */
const triesMax = 10;
/** The wait while another import runs, which does not say when it ends. */
const conflictWaitMs = 5_000;

/** How long to wait before a piece is sent again, in ms; null when that would not help. */
function pauseAfter(error: unknown): number | null {
  const { errorCode, retryAfterSeconds } = readError(error);
  if (errorCode === "CONFLICT") return conflictWaitMs;
  if (errorCode !== "RATE_LIMITED" || retryAfterSeconds === null) return null;
  return retryAfterSeconds * 1_000;
}

/** The longest text that browsers handle safely, in bytes. */
const fileMaxBytes = 250_000_000;

/**
 * An import of one file, sent in pieces. It belongs to no component, so it continues while the user
 * visits other pages. Each piece has an id, so a piece whose response was lost can be sent again
 * without importing its chats twice.
 */
export class ImportRun {
  readonly #port: ImportPort;
  readonly store = new Store<ImportState>({ kind: "idle" });
  #rest: (Piece & { readonly importId: string })[] = [];

  constructor(port: ImportPort) {
    this.#port = port;
  }

  get state(): ImportState {
    return this.store.value;
  }

  /** Whether a file is being read or sent. Another file is not accepted meanwhile. */
  get isBusy(): boolean {
    return this.state.kind === "reading" || this.state.kind === "running";
  }

  /** Imports a file. Does nothing while another import is running. */
  async start(file: File): Promise<void> {
    if (this.isBusy) return;
    const { name: fileName } = file;
    this.store.set({ kind: "reading", fileName });
    const read = await readJson(file);
    if ("problem" in read) {
      this.store.set({ kind: "refused", fileName, problem: read.problem });
      return;
    }
    this.#rest = splitFile(read.data).map((piece) => ({ ...piece, importId: uuidv7() }));
    const totalCount = this.#rest.reduce((sum, { count }) => sum + count, 0);
    const hasDocuments = this.#rest.some(({ kind }) => kind === "document");
    const counts = { doneCount: 0, totalCount, hasDocuments };
    await this.#send({ fileName, ...counts, imported: [], failures: [] });
  }

  /** Continues an interrupted import. */
  async goOn(): Promise<void> {
    if (this.state.kind !== "held") return;
    const { problem: _, ...file } = this.state;
    await this.#send(file);
  }

  /** Dismisses an import that has ended or was interrupted. Imported chats stay. */
  clear(): void {
    if (this.isBusy) return;
    this.#rest = [];
    this.store.set({ kind: "idle" });
  }

  async #send(start: OfFile): Promise<void> {
    let file = start;
    const isOnlyPiece = file.doneCount === 0 && this.#rest.length === 1;
    for (let piece = this.#rest[0]; piece; piece = this.#rest[0]) {
      const show = (isPaused: boolean) => this.store.set({ ...file, kind: "running", isPaused });
      show(false);
      const outcome = await this.#sendPiece(piece, show);
      if (outcome.kind === "cut-off") {
        this.store.set({ ...file, kind: "held", problem: outcome.problem });
        return;
      }
      if (outcome.kind === "refused" && isOnlyPiece) {
        this.#rest = [];
        this.store.set({ kind: "refused", fileName: file.fileName, problem: outcome.problem });
        return;
      }
      file = withOutcome(file, piece, outcome);
      this.#rest.shift();
      if (outcome.kind === "taken" && importedOf(outcome.output).length > 0) {
        this.#port.onImported();
      }
    }
    this.store.set({ ...file, kind: "done" });
  }

  /** @param show tells the reader whether the piece waits */
  async #sendPiece(
    { data, importId, ...piece }: Piece & { importId: string },
    show: (isPaused: boolean) => void,
  ): Promise<Outcome> {
    if (isTooLarge({ data, ...piece })) {
      return { kind: "refused", problem: `This ${piece.kind} is too large to import.` };
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return { kind: "taken", output: await this.#port.send({ data, importId }) };
      } catch (error) {
        const waitMs = pauseAfter(error);
        if (waitMs === null || tries === triesMax) {
          const { errorCode } = readError(error);
          const isRefused = errorCode === "INVALID" || errorCode === "TOO_LARGE";
          return { kind: isRefused ? "refused" : "cut-off", problem: errorText(error) };
        }
        show(true);
        await this.#port.wait(waitMs);
        show(false);
      }
    }
  }
}

type Outcome =
  | { readonly kind: "taken"; readonly output: ChatImportOutput }
  | { readonly kind: "refused" | "cut-off"; readonly problem: string };

/** What was imported, of both kinds. */
function importedOf({ imported, importedDocuments }: ChatImportOutput): ImportResult["imported"] {
  return [
    ...imported.map(({ chatId: id, title }) => ({ kind: "chat", id, title }) as const),
    ...importedDocuments.map(
      ({ documentId: id, title }) => ({ kind: "document", id, title }) as const,
    ),
  ];
}

function withOutcome(file: OfFile, { kind, count, before }: Piece, outcome: Outcome): OfFile {
  const output: ChatImportOutput =
    outcome.kind === "taken"
      ? outcome.output
      : {
          imported: [],
          importedDocuments: [],
          failures: Array.from({ length: count }, (_, index) => ({
            kind,
            index,
            title: null,
            message: outcome.problem,
          })),
        };
  return {
    ...file,
    doneCount: file.doneCount + count,
    imported: [...file.imported, ...importedOf(output)],
    failures: [
      ...file.failures,
      ...output.failures.map(({ index, title, message, limit, ...failure }) => ({
        kind: failure.kind,
        place: before + index + 1,
        title,
        message,
        isStorageFull: limit === "storage",
      })),
    ],
  };
}

/** The parsed file, or what is wrong with it and how to fix it. */
async function readJson(
  file: File,
): Promise<{ readonly data: unknown } | { readonly problem: string }> {
  if (/\.zip$/i.test(file.name)) {
    return {
      problem: "This is a ZIP archive. Extract it, then choose the conversations.json file inside.",
    };
  }
  if (file.size > fileMaxBytes) {
    return { problem: "This file is too large. The limit is 250 MB." };
  }
  try {
    return { data: JSON.parse(await file.text()) };
  } catch {
    return {
      problem: "This isn’t a valid JSON file. Choose the file exactly as it was exported.",
    };
  }
}
