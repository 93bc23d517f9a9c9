/** Decides whether an append is accepted: a pure function over the states of stream and producer. */
import { streamLimits } from "../../../contracts/streams.ts";
import { type AppendCommand, type AppendRefusal, mediaType } from "../stream-protocol.ts";
import type { ProducerRow, StreamRow } from "./stream-store.ts";

export type AppendVerdict =
  | { readonly kind: "accept" }
  /** It was accepted before. `producerSeq` is the last accepted number of its producer. */
  | { readonly kind: "duplicate"; readonly producerSeq: number | null }
  | AppendRefusal;

const accept: AppendVerdict = { kind: "accept" };

/**
 * Judges an append against the rules of the protocol.
 *
 * @param producer state of the claimed producer; undefined when the stream does not know it
 * @param producerCount producers that the stream knows
 * @see https://github.com/durable-streams/durable-streams
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
  // Checked before Stream-Seq, because a repeated append carries the same Stream-Seq.
  if (claimVerdict.kind !== "accept") return claimVerdict;
  if (streamSeq !== null && stream.lastStreamSeq !== null && streamSeq <= stream.lastStreamSeq) {
    return { kind: "sequence-conflict" };
  }
  if (stream.contentBytes + contentBytes(command) > streamLimits.streamMaxBytes) {
    return { kind: "too-large" };
  }
  return accept;
}

/** What an append counts against the stream's size limit, in bytes. */
export function contentBytes({ content }: Pick<AppendCommand, "content">): number {
  if (!content) return 0;
  const length =
    content.kind === "bytes"
      ? content.bytes.length
      : content.items.reduce((sum, item) => sum + Buffer.byteLength(item) + 1, 0);
  return Math.max(length, streamLimits.appendMinBytes);
}

/** A closed stream accepts only a repetition of the append that closed it. */
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

/** The value of the column `closedBy`: the producer and number of the closing append. */
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
