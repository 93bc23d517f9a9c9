/**
 * Joins the small pieces of a model's text before the AI SDK sees them. Each piece passes about
 * fifteen streams in there, which costs more than all that the object does with it, and the log is
 * written at a pace anyway.
 */
import type { LanguageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { type LanguageModel, wrapLanguageModel } from "ai";
import { flushLength, type Timers } from "../live/flush-buffer.ts";
import { Pace } from "../live/pace.ts";

export interface JoinOptions {
  readonly timers: Timers;
  /** Between two pieces of text, on average. */
  readonly intervalMs: number;
}

type Part = LanguageModelV4StreamPart;
type Delta = Extract<Part, { type: "text-delta" | "reasoning-delta" | "tool-input-delta" }>;

/**
 * @returns the model, with text that comes faster than the pace in fewer pieces: the first at once,
 *   none later than the pace allows, and the same text in the same order
 */
export function joinDeltas(model: LanguageModel, options: JoinOptions): LanguageModel {
  if (typeof model === "string" || model.specificationVersion !== "v4") return model;
  const pace = new Pace(options.intervalMs);
  return wrapLanguageModel({
    model: model satisfies LanguageModelV4,
    middleware: {
      specificationVersion: "v4",
      async wrapStream({ doStream }) {
        const { stream, ...rest } = await doStream();
        return { ...rest, stream: joinStream(stream, pace, options.timers) };
      },
    },
  });
}

/** @param pace of the pieces, shared by all streams of an answer */
export function joinStream(
  source: ReadableStream<Part>,
  pace: Pace,
  timers: Timers,
): ReadableStream<Part> {
  const joiner = new DeltaJoiner(source.getReader(), pace, timers);
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const part = await joiner.next();
        if (part) controller.enqueue(part);
        else controller.close();
      },
      cancel: (reason) => joiner.cancel(reason),
    },
    // The source is read only as fast as the parts are taken, and no part waits here twice.
    { highWaterMark: 0 },
  );
}

class DeltaJoiner {
  readonly #source: ReadableStreamDefaultReader<Part>;
  readonly #pace: Pace;
  readonly #timers: Timers;
  /** Text that waits for its time. */
  #waiting: Delta | null = null;
  /** Resolves when it has come; null while nothing waits. */
  #due: { readonly reached: Promise<void>; readonly timer: unknown } | null = null;
  /** The read in progress; its part follows what waits. */
  #reading: Promise<ReadableStreamReadResult<Part>> | null = null;

  constructor(source: ReadableStreamDefaultReader<Part>, pace: Pace, timers: Timers) {
    this.#source = source;
    this.#pace = pace;
    this.#timers = timers;
  }

  /** @returns the next part; null at the end. @throws what the source throws, after all its parts */
  async next(): Promise<Part | null> {
    for (;;) {
      this.#reading ??= this.#source.read();
      const read = await this.#readUntilDue(this.#reading);
      if (read === "due") return this.#take();
      const { done, value } = read;
      const follows = !done && isDelta(value) ? join(this.#waiting, value) : null;
      // What cannot be joined comes after what waits: it is read again then.
      if (this.#waiting && !follows) return this.#take();
      this.#reading = null;
      if (done) return null;
      if (!follows) return value;
      this.#waiting = follows;
      const waitMs = this.#pace.waitMs(this.#timers.now());
      if (waitMs === 0 || textOf(follows).length >= flushLength) return this.#take();
      this.#due ??= this.#startTimer(waitMs);
    }
  }

  async cancel(reason: unknown): Promise<void> {
    this.#stopTimer();
    this.#waiting = null;
    await this.#source.cancel(reason);
  }

  async #readUntilDue(
    reading: Promise<ReadableStreamReadResult<Part>>,
  ): Promise<ReadableStreamReadResult<Part> | "due"> {
    if (!this.#due) return reading;
    // A failure comes after what waits: the next read meets it again.
    const read = reading.catch(() => "due" as const);
    return Promise.race([read, this.#due.reached.then(() => "due" as const)]);
  }

  #startTimer(waitMs: number) {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    return { reached, timer: this.#timers.set(resolve, waitMs) };
  }

  #stopTimer(): void {
    if (this.#due) this.#timers.clear(this.#due.timer);
    this.#due = null;
  }

  #take(): Delta | null {
    this.#stopTimer();
    this.#pace.take(this.#timers.now());
    const delta = this.#waiting;
    this.#waiting = null;
    return delta;
  }
}

function isDelta(part: Part): part is Delta {
  const { type } = part;
  return type === "text-delta" || type === "reasoning-delta" || type === "tool-input-delta";
}

function textOf({ delta }: Delta): string {
  return delta;
}

/** @returns both as one; null when they cannot be joined, because metadata belongs to one of them */
function join(first: Delta | null, second: Delta): Delta | null {
  if (!first) return second;
  const isSamePart = first.type === second.type && first.id === second.id;
  if (!isSamePart || first.providerMetadata || second.providerMetadata) return null;
  return { ...first, delta: first.delta + second.delta };
}
