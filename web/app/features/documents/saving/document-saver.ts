import { isUnsettled, readError } from "../../../lib/error-text.ts";
import { type Readable, Store } from "../../../lib/store.ts";

/** A content with the version that it is, or was made from. */
export interface BaseVersion {
  readonly version: number;
  readonly content: string;
}

/** What is kept in the browser while it is not saved. */
export interface KeptEdit {
  readonly base: BaseVersion;
  readonly content: string;
  /** The save that may have arrived, although no response came. */
  readonly pending: PendingSave | null;
}

/** A save with its id. The id belongs to this content: other content is another save. */
interface PendingSave {
  readonly saveId: string;
  readonly content: string;
}

export type SaveStatus =
  | "saved"
  | "unsaved"
  | "saving"
  /** No response came. The save is tried again by itself. */
  | "offline"
  /** Refused, for the reason in `problem`. Tried again after the next edit. */
  | "failed"
  /** There is a newer version than the base. Nothing is saved until the person has chosen. */
  | "conflict"
  | "deleted";

export interface SaverState {
  readonly status: SaveStatus;
  /** A sentence for the user; null except for `failed`. */
  readonly problem: string | null;
  /** The version that the content was made from. */
  readonly version: number;
}

interface SaveInput {
  readonly content: string;
  readonly baseVersion: number;
  readonly saveId: string;
  readonly runId: string;
}

interface Timers {
  set(callback: () => void, delayMs: number): unknown;
  clear(timer: unknown): void;
}

export interface SaverDeps {
  /** Resolves with the newest version; throws what the API throws. */
  readonly save: (input: SaveInput) => Promise<{ version: number }>;
  /** Keeps what is not saved, for a reload or a crash; null when everything is saved. */
  readonly keep: (edit: KeptEdit | null) => void;
  readonly newId: () => string;
  readonly timers: Timers;
}

/** An edit is kept in the browser, and saved, after so much rest, in ms. */
const keepAfterMs = 300;
const saveAfterMs = 2_000;
/** The waits between tries without a response, in ms. The last one repeats. */
const retryDelaysMs = [2_000, 5_000, 15_000, 30_000];

/**
 * Saves one document while it is edited. One save runs at a time; one whose response was lost is
 * sent again under its own id. After a conflict nothing is saved until {@link resolve} or
 * {@link saveOver}.
 */
export class DocumentSaver {
  readonly #deps: SaverDeps;
  readonly #state: Store<SaverState>;
  #base: BaseVersion;
  #read: () => string;
  #runId: string;
  /** The save that runs, or whose response was lost. */
  #pending: PendingSave | null = null;
  #running: Promise<void> | null = null;
  #failures = 0;
  #keepTimer: unknown;
  #saveTimer: unknown;

  /** @param kept an edit of an earlier page that is not saved yet */
  constructor(deps: SaverDeps, base: BaseVersion, kept: KeptEdit | null) {
    this.#deps = deps;
    this.#base = kept?.base ?? base;
    const content = kept?.content ?? base.content;
    this.#read = () => content;
    this.#runId = deps.newId();
    const { version } = this.#base;
    this.#state = new Store<SaverState>({ status: "saved", problem: null, version });
    this.#pending = kept?.pending ?? null;
    if (this.#pending !== null || content !== this.#base.content) this.#set("unsaved");
  }

  get state(): Readable<SaverState> {
    return this.#state;
  }

  /** The content as it is in the editor now. */
  get content(): string {
    return this.#read();
  }

  /** The version that the content was made from. */
  get base(): BaseVersion {
    return this.#base;
  }

  /**
   * Notes an edit.
   *
   * @param read returns the content, and is called when it is kept or saved
   */
  edit(read: () => string): void {
    this.#read = read;
    const { status } = this.#state.value;
    if (status === "deleted") return;
    this.#keepTimer ??= this.#deps.timers.set(() => this.#keep(), keepAfterMs);
    if (status === "conflict") return;
    if (status !== "saving" && status !== "offline") this.#set("unsaved");
    if (status !== "offline") this.#schedule(saveAfterMs);
  }

  /** Keeps and saves at once: when the editor loses the focus, and when the page is hidden. */
  flush(): Promise<void> {
    this.#keep();
    return this.#save();
  }

  /**
   * Saves at once, also what was edited while a save ran.
   *
   * @returns whether everything is saved
   */
  async saveAll(): Promise<boolean> {
    await this.flush();
    if (this.#state.value.status === "unsaved") await this.flush();
    return this.#state.value.status === "saved";
  }

  /** Tries again at once, when the network may be back. */
  retry(): void {
    if (this.#state.value.status === "offline") void this.#save();
  }

  /** Takes a newer version over, if nothing is unsaved. @returns whether it did */
  adopt(base: BaseVersion): boolean {
    const { status } = this.#state.value;
    if (status !== "saved" || base.version <= this.#base.version) return false;
    this.resolve(base);
    return true;
  }

  /**
   * Saves the content over a newer version, as a version of its own, so that both stay.
   *
   * @returns whether it was saved; otherwise the state says why
   */
  async saveOver(newest: BaseVersion): Promise<boolean> {
    this.#base = newest;
    this.#pending = null;
    // Later saves begin a version of their own, so that they replace neither.
    this.#runId = this.#deps.newId();
    this.#set("unsaved");
    await this.#save();
    this.#runId = this.#deps.newId();
    return this.#base.version > newest.version || this.#state.value.status === "saved";
  }

  /** Takes over a version that replaces the content, which is saved. */
  resolve(base: BaseVersion): void {
    this.#base = base;
    this.#read = () => base.content;
    this.#pending = null;
    this.#runId = this.#deps.newId();
    this.#keep();
    this.#set("saved");
  }

  /** Stops all timers. What is not saved stays kept. */
  close(): void {
    this.#keep();
    this.#deps.timers.clear(this.#saveTimer);
  }

  #keep(): void {
    this.#deps.timers.clear(this.#keepTimer);
    this.#keepTimer = undefined;
    const content = this.#read();
    const isSaved = content === this.#base.content && this.#pending === null;
    this.#deps.keep(isSaved ? null : { base: this.#base, content, pending: this.#pending });
  }

  #schedule(delayMs: number): void {
    this.#deps.timers.clear(this.#saveTimer);
    this.#saveTimer = this.#deps.timers.set(() => void this.#save(), delayMs);
  }

  /** Saves once, or waits for the save that runs. What was edited meanwhile is saved later. */
  #save(): Promise<void> {
    this.#deps.timers.clear(this.#saveTimer);
    const { status } = this.#state.value;
    if (status === "conflict" || status === "deleted") return Promise.resolve();
    this.#running ??= this.#saveOnce().finally(() => {
      this.#running = null;
      if (this.#state.value.status === "unsaved") this.#schedule(saveAfterMs);
    });
    return this.#running;
  }

  async #saveOnce(): Promise<void> {
    const content = this.#read();
    if (content === this.#base.content && this.#pending === null) return this.#settle();
    this.#pending ??= { saveId: this.#deps.newId(), content };
    const pending = this.#pending;
    this.#set("saving");
    this.#keep();
    try {
      const { version } = await this.#deps.save({
        ...pending,
        baseVersion: this.#base.version,
        runId: this.#runId,
      });
      this.#failures = 0;
      this.#pending = null;
      this.#base = { version, content: pending.content };
      this.#settle();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Shows whether anything is left to save. */
  #settle(): void {
    this.#keep();
    this.#set(this.#read() === this.#base.content ? "saved" : "unsaved");
  }

  #fail(error: unknown): void {
    const { errorCode, text, retryAfterSeconds } = readError(error);
    if (isUnsettled(error)) {
      const delayMs = retryDelaysMs[Math.min(this.#failures, retryDelaysMs.length - 1)] ?? 0;
      this.#failures += 1;
      this.#set("offline");
      this.#schedule(delayMs);
      return;
    }
    // Refused: this save has not arrived, and never will.
    this.#pending = null;
    this.#keep();
    if (errorCode === "CONFLICT") this.#set("conflict");
    else if (errorCode === "NOT_FOUND") this.#set("deleted");
    else this.#set("failed", text);
    if (retryAfterSeconds !== null) this.#schedule(retryAfterSeconds * 1_000);
  }

  /** Most edits change nothing here, and then nothing is rendered again. */
  #set(status: SaveStatus, problem: string | null = null): void {
    const { value } = this.#state;
    const { version } = this.#base;
    if (value.status === status && value.problem === problem && value.version === version) return;
    this.#state.set({ status, problem, version });
  }
}
