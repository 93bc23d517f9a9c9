/** Whether an append counts, as a pure function over how the stream and its producer stand. */
import { streamLimits } from "../../../contracts/streams.ts";
import { type AppendCommand, type AppendRefusal, mediaType } from "../stream-protocol.ts";
import type { ProducerRow, StreamRow } from "./stream-store.ts";

export type AppendVerdict =
  | { readonly kind: "accept" }
  /** It counts already. `producerSeq` is the last number of its producer that does. */
  | { readonly kind: "duplicate"; readonly producerSeq: number | null }
  | AppendRefusal;

const accept: AppendVerdict = { kind: "accept" };

/**
 * @param producer how the claimed producer stands; undefined when the stream does not know it
 * @param producerCount producers that the stream knows
 */
export function judgeAppend(
  stream: StreamRow,
  command: AppendCommand,
  producer: ProducerRow | undefined,
  producerCount: number,
): AppendVerdict {
  const claimVerdict = judgeProducer(command, producer, producerCount);
  if (stream.isClosed === 1) return judgeAtEnd(stream, command, claimVerdict);
  const { content, contentType, streamSeq } = command;
  if (content && contentType !== null && mediaType(contentType) !== mediaType(stream.contentType)) {
    return { kind: "other-type", contentType: stream.contentType };
  }
  // Before Stream-Seq: an append that is sent again has the same one.
  if (claimVerdict.kind !== "accept") return claimVerdict;
  if (streamSeq !== null && stream.lastStreamSeq !== null && streamSeq <= stream.lastStreamSeq) {
    return { kind: "sequence-conflict" };
  }
  if (stream.contentBytes + contentBytes(command) > streamLimits.streamMaxBytes) {
    return { kind: "too-large" };
  }
  return accept;
}

/** What an append takes of a stream's room, in bytes. */
export function contentBytes({ content }: Pick<AppendCommand, "content">): number {
  if (!content) return 0;
  const length =
    content.kind === "bytes"
      ? content.bytes.length
      : content.items.reduce((sum, item) => sum + Buffer.byteLength(item) + 1, 0);
  return Math.max(length, streamLimits.appendMinBytes);
}

/** A closed stream takes nothing but what has closed it, again. */
function judgeAtEnd(
  stream: StreamRow,
  command: AppendCommand,
  claimVerdict: AppendVerdict,
): AppendVerdict {
  const { producer, content } = command;
  if (claimVerdict.kind === "stale-epoch") return claimVerdict;
  if (producer && stream.closedBy === closerOf(producer)) {
    return { kind: "duplicate", producerSeq: producer.seq };
  }
  if (!producer && !content) return { kind: "duplicate", producerSeq: null };
  return { kind: "closed", nextOffset: stream.nextOffset };
}

/** What the column `closedBy` says of the producer whose append has closed a stream. */
export function closerOf(producer: NonNullable<AppendCommand["producer"]>): string {
  return JSON.stringify([producer.id, producer.epoch, producer.seq]);
}

function judgeProducer(
  { producer: claim }: AppendCommand,
  known: ProducerRow | undefined,
  producerCount: number,
): AppendVerdict {
  if (!claim) return accept;
  if (!known) {
    if (claim.seq !== 0) return { kind: "gap", expectedSeq: 0 };
    return producerCount < streamLimits.producersMax ? accept : { kind: "too-many-producers" };
  }
  if (claim.epoch < known.epoch) return { kind: "stale-epoch", epoch: known.epoch };
  if (claim.epoch > known.epoch) return claim.seq === 0 ? accept : { kind: "epoch-not-from-0" };
  if (claim.seq <= known.lastSeq) return { kind: "duplicate", producerSeq: known.lastSeq };
  if (claim.seq > known.lastSeq + 1) return { kind: "gap", expectedSeq: known.lastSeq + 1 };
  return accept;
}
