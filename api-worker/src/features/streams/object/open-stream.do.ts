import { DurableObject } from "cloudflare:workers";
import { streamLimits } from "../../../contracts/streams.ts";
import { systemClock } from "../../../platform/clock.ts";
import { contentFor } from "../../../platform/content.ts";
import { createLogger } from "../../../platform/log.ts";
import { deleteOpenStream, insertOpenStream, raiseStreamBytes } from "../queries.ts";
import type {
  AppendResult,
  CreateCommand,
  CreateResult,
  EventsResult,
  FittingAppend,
  Page,
  ReadResult,
  StreamFacts,
  StreamPosition,
} from "../stream-protocol.ts";
import { OpenStream } from "./open-stream.ts";
import type { EventOptions } from "./stream-readers.ts";

/** The Durable Object of one open stream. Forwards every call to `open-stream.ts`. */
export class OpenStreamObject extends DurableObject<Env> {
  readonly #stream: OpenStream;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#stream = new OpenStream({
      storage: ctx.storage,
      list: {
        add: (place, held) =>
          insertOpenStream(
            contentFor(env, place),
            place,
            held,
            systemClock(),
            streamLimits.streamsPerUserMax,
          ),
        raise: (place, held) => raiseStreamBytes(contentFor(env, place), place, held),
        remove: (place) => deleteOpenStream(contentFor(env, place), place),
      },
      now: systemClock,
      log: createLogger({ object: ctx.id.toString() }),
    });
  }

  create(command: CreateCommand): Promise<CreateResult> {
    return this.#stream.create(command);
  }

  append(command: FittingAppend): Promise<AppendResult> {
    return this.#stream.append(command);
  }

  read(from: StreamPosition, waitMs: number): Promise<ReadResult> {
    return this.#stream.read(from, waitMs);
  }

  readOn(streamId: string, offset: number, untilOffset: number): Page | null {
    return this.#stream.readOn(streamId, offset, untilOffset);
  }

  events(from: StreamPosition, options: EventOptions): EventsResult {
    return this.#stream.events(from, options);
  }

  head(): StreamFacts | null {
    return this.#stream.head();
  }

  delete(): Promise<boolean> {
    return this.#stream.delete();
  }

  override alarm(): Promise<void> {
    return this.#stream.alarm();
  }
}
