/**
 * Lets text that arrives in bursts flow evenly: what came with one event is passed on in steps until
 * the next one is expected. The first piece of an answer, everything that is no text, and all text
 * before it pass at once, so nothing waits for longer than the answer itself does.
 */
import type { UIMessageChunk } from "ai";

/** Between two steps, in ms: what a page draws as it comes (`use-session.ts`). */
const stepMs = 50;
/** Events that come more often than this, in ms, flow evenly enough. */
const burstMinMs = 100;
/** Text waits no longer than this, in ms. A longer silence says nothing about the next event. */
const burstMaxMs = 400;
/** The weight of the last interval in the expected one. */
const newestWeight = 0.5;

type TextChunk = Extract<UIMessageChunk, { type: "text-delta" | "reasoning-delta" }>;

export class EvenText {
  readonly #emit: (chunk: UIMessageChunk) => void;
  readonly #isCalm: () => boolean;
  /** Text that has arrived and was not passed on. */
  #waiting: TextChunk | null = null;
  /** When all waiting text is to be passed on: epoch ms; 0 for at once. */
  #dueAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #textAt: number | null = null;
  /** Usual time between two events with text, in ms; 0 while it is unknown. */
  #usualMs = 0;

  /**
   * @param emit takes all chunks in order; the same text, in smaller pieces
   * @param isCalm whether text should appear without movement, so at once
   */
  constructor(emit: (chunk: UIMessageChunk) => void, isCalm: () => boolean) {
    this.#emit = emit;
    this.#isCalm = isCalm;
  }

  /** Takes the chunks of one event. */
  accept(chunks: readonly UIMessageChunk[]): void {
    const isFirst = this.#textAt === null;
    if (chunks.some(isText)) this.#noteArrival(Date.now());
    for (const chunk of chunks) {
      const joined = isText(chunk) && join(this.#waiting, chunk);
      if (joined) {
        this.#waiting = joined;
        continue;
      }
      this.flush();
      if (isText(chunk)) this.#waiting = chunk;
      else this.#emit(chunk);
    }
    this.#dueAt = isFirst || this.#usualMs < burstMinMs ? 0 : Date.now() + this.#usualMs;
    this.#step();
  }

  /** Passes on all that waits. */
  flush(): void {
    this.stop();
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) this.#emit(waiting);
  }

  /** Passes on nothing more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #noteArrival(now: number): void {
    const gapMs = this.#textAt === null ? burstMaxMs + 1 : now - this.#textAt;
    this.#textAt = now;
    if (gapMs > burstMaxMs) return;
    const before = this.#usualMs || gapMs;
    this.#usualMs = before + (gapMs - before) * newestWeight;
  }

  #step(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    const stepsLeft = Math.ceil((this.#dueAt - Date.now()) / stepMs);
    if (stepsLeft <= 1 || this.#isCalm()) {
      this.flush();
      return;
    }
    const end = endOfPiece(waiting.delta, Math.ceil(waiting.delta.length / stepsLeft));
    this.#waiting = end < waiting.delta.length ? withText(waiting, waiting.delta.slice(end)) : null;
    this.#emit(withText(waiting, waiting.delta.slice(0, end)));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step(), stepMs);
  }
}

/** Whether the reader of this page wants no movement, or cannot see it. */
export function isPageCalm(): boolean {
  if (typeof document === "undefined") return true;
  return document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Text that can be cut: metadata belongs to the piece that it came with. */
function isText(chunk: UIMessageChunk): chunk is TextChunk {
  const isDelta = chunk.type === "text-delta" || chunk.type === "reasoning-delta";
  return isDelta && !chunk.providerMetadata;
}

function join(first: TextChunk | null, second: TextChunk): TextChunk | null {
  if (first?.type !== second.type || first.id !== second.id) return null;
  return withText(first, first.delta + second.delta);
}

function withText(chunk: TextChunk, delta: string): TextChunk {
  return { ...chunk, delta };
}

/** @returns the end of a piece of about `length`: after a word if it can be, and in no character */
function endOfPiece(text: string, length: number): number {
  const space = text.lastIndexOf(" ", length - 1);
  const end = space > 0 ? space + 1 : length;
  return /[\uDC00-\uDFFF]/.test(text.charAt(end)) ? end + 1 : end;
}
