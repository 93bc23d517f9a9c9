import type { ChatImportOutput } from "api-worker/contracts/transfer";
import { v7 as uuidv7 } from "uuid";
import { errorText, readError } from "../../lib/error-text.ts";
import { isTooLarge, type Piece, splitFile } from "./split-file.ts";

export interface ImportResult {
  readonly imported: readonly { readonly chatId: string; readonly title: string }[];
  /** Chats that did not come in, each with a sentence that says why. */
  readonly failures: readonly {
    /** Place in the file, from 1. */
    readonly place: number;
    readonly title: string | null;
    readonly message: string;
  }[];
}

interface OfFile extends ImportResult {
  readonly fileName: string;
  /** Chats that have been looked at, and that there are. */
  readonly doneCount: number;
  readonly totalCount: number;
}

export type ImportState =
  | { readonly kind: "idle" }
  | { readonly kind: "reading"; readonly fileName: string }
  | ({ readonly kind: "running" } & OfFile)
  /** Cut off: it can go on from where it was. */
  | ({ readonly kind: "held"; readonly problem: string } & OfFile)
  /** Nothing of the file can be read. */
  | { readonly kind: "refused"; readonly fileName: string; readonly problem: string }
  | ({ readonly kind: "done" } & OfFile);

export interface ImportPort {
  send(input: { data: unknown; importId: string }): Promise<ChatImportOutput>;
  /** Chats have come in: whoever shows the list has to look again. */
  onImported(): void;
}

/** What a browser can hold as one text, with room to spare. In bytes. */
const fileMaxBytes = 250_000_000;

/**
 * One import in the browser: a file, sent piece after piece. It belongs to no component, so it goes
 * on while one looks at something else. Each piece has an id of its own, so that one whose answer
 * was lost is sent again without bringing its chats twice.
 */
export class ImportRun {
  readonly #port: ImportPort;
  readonly #listeners = new Set<() => void>();
  #state: ImportState = { kind: "idle" };
  #rest: (Piece & { readonly importId: string })[] = [];

  constructor(port: ImportPort) {
    this.#port = port;
  }

  get state(): ImportState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** True while a file is being read or sent: no other is taken. */
  get isBusy(): boolean {
    return this.#state.kind === "reading" || this.#state.kind === "running";
  }

  /** Imports a file. Does nothing while another one is under way. */
  async start(file: File): Promise<void> {
    if (this.isBusy) return;
    const { name: fileName } = file;
    this.#set({ kind: "reading", fileName });
    const read = await readJson(file);
    if ("problem" in read) {
      this.#set({ kind: "refused", fileName, problem: read.problem });
      return;
    }
    this.#rest = splitFile(read.data).map((piece) => ({ ...piece, importId: uuidv7() }));
    const totalCount = this.#rest.reduce((sum, { chatCount }) => sum + chatCount, 0);
    await this.#send({ fileName, doneCount: 0, totalCount, imported: [], failures: [] });
  }

  /** Goes on with an import that was cut off. */
  async goOn(): Promise<void> {
    if (this.#state.kind !== "held") return;
    const { problem: _, ...file } = this.#state;
    await this.#send(file);
  }

  /** Forgets an import that has ended, or was cut off. What came in stays. */
  clear(): void {
    if (this.isBusy) return;
    this.#rest = [];
    this.#set({ kind: "idle" });
  }

  async #send(start: OfFile): Promise<void> {
    let file = start;
    const isOnlyPiece = file.doneCount === 0 && this.#rest.length === 1;
    for (let piece = this.#rest[0]; piece; piece = this.#rest[0]) {
      this.#set({ ...file, kind: "running" });
      const outcome = await this.#sendPiece(piece);
      if (outcome.kind === "cut-off") {
        this.#set({ ...file, kind: "held", problem: outcome.problem });
        return;
      }
      if (outcome.kind === "refused" && isOnlyPiece) {
        this.#rest = [];
        this.#set({ kind: "refused", fileName: file.fileName, problem: outcome.problem });
        return;
      }
      file = withOutcome(file, piece, outcome);
      this.#rest.shift();
      if (outcome.kind === "taken" && outcome.output.imported.length > 0) this.#port.onImported();
    }
    this.#set({ ...file, kind: "done" });
  }

  async #sendPiece({ data, importId, ...piece }: Piece & { importId: string }): Promise<Outcome> {
    if (isTooLarge({ data, ...piece })) {
      return { kind: "refused", problem: "This is more than can be imported as one chat." };
    }
    try {
      return { kind: "taken", output: await this.#port.send({ data, importId }) };
    } catch (error) {
      const { errorCode } = readError(error);
      const isRefused = errorCode === "INVALID" || errorCode === "TOO_LARGE";
      return { kind: isRefused ? "refused" : "cut-off", problem: errorText(error) };
    }
  }

  #set(state: ImportState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

type Outcome =
  | { readonly kind: "taken"; readonly output: ChatImportOutput }
  | { readonly kind: "refused" | "cut-off"; readonly problem: string };

function withOutcome(file: OfFile, { chatCount }: Piece, outcome: Outcome): OfFile {
  const before = file.doneCount;
  const output: ChatImportOutput =
    outcome.kind === "taken"
      ? outcome.output
      : {
          imported: [],
          failures: Array.from({ length: chatCount }, (_, index) => ({
            index,
            title: null,
            message: outcome.problem,
          })),
        };
  return {
    ...file,
    doneCount: before + chatCount,
    imported: [...file.imported, ...output.imported],
    failures: [
      ...file.failures,
      ...output.failures.map(({ index, title, message }) => ({
        place: before + index + 1,
        title,
        message,
      })),
    ],
  };
}

/** What a file says, or what is wrong with it and what to do instead. */
async function readJson(
  file: File,
): Promise<{ readonly data: unknown } | { readonly problem: string }> {
  if (/\.zip$/i.test(file.name)) {
    return {
      problem: "This is an archive. Unpack it, and choose the file conversations.json in it.",
    };
  }
  if (file.size > fileMaxBytes) {
    return { problem: "This file is too large for a browser: 250 MB at most." };
  }
  try {
    return { data: JSON.parse(await file.text()) };
  } catch {
    return {
      problem: "This is not a JSON file, or it is damaged. Choose the file as it was exported.",
    };
  }
}
