import type { SourceGroup } from "../model.ts";

export interface BatchBounds {
  readonly groups: number;
  /** Of the rows' text. A group that has more is a batch by itself. */
  readonly bytes: number;
}

/** Divides groups, in their order, into batches of one kind that are read at once. */
export async function* inBatches(
  groups: AsyncIterable<SourceGroup> | Iterable<SourceGroup>,
  bounds: BatchBounds,
): AsyncGenerator<readonly SourceGroup[]> {
  let batch: SourceGroup[] = [];
  let bytes = 0;
  for await (const group of groups) {
    const isFull = batch.length >= bounds.groups || bytes + group.bytes > bounds.bytes;
    if (batch[0] && (isFull || batch[0].kind !== group.kind)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(group);
    bytes += group.bytes;
  }
  if (batch.length > 0) yield batch;
}
