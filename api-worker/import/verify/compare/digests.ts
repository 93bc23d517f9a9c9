/**
 * Digests of rows that do not depend on their order. A table's digest is the sum of the SHA-256 of
 * its rows modulo 2^128: a row that is there twice counts twice, and a row that turns out not to
 * belong into the comparison is subtracted again. Rows are summed by buckets of their groups, so that
 * a difference between two tables is narrowed down to a few groups.
 */
import { hash } from "node:crypto";
import type { Value } from "../../model.ts";

/** About as many as there are chats in a large deployment; 320 KiB for a table. */
const bucketCount = 16_384;
const words = 4;

/** The bucket of a group: FNV-1a of its id, since ids may begin alike. */
export function bucketOf(groupId: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < groupId.length; index++) {
    value = Math.imul(value ^ groupId.charCodeAt(index), 0x01000193);
  }
  return (value ^ (value >>> 16)) & (bucketCount - 1);
}

/**
 * Hashes a row. Each value is written with its type and length, so that no two rows have the same
 * text.
 */
export function hashOfRow(values: Readonly<Record<string, Value>>): Buffer {
  let text = "";
  for (const name of Object.keys(values).sort()) {
    const value = values[name] as Value;
    if (value === null) text += `${name} n `;
    else if (typeof value === "number") text += `${name} i${value} `;
    else text += `${name} s${value.length}:${value} `;
  }
  return hash("sha256", text, "buffer");
}

/** The sums of one table on one side. */
export class Digests {
  readonly #sums = new Uint32Array(bucketCount * words);
  readonly #counts = new Uint32Array(bucketCount);

  add(bucket: number, rowHash: Buffer): void {
    let carry = 0;
    for (let word = words - 1; word >= 0; word--) {
      const at = bucket * words + word;
      const sum = (this.#sums[at] as number) + rowHash.readUInt32BE(word * 4) + carry;
      this.#sums[at] = sum;
      carry = sum > 0xffffffff ? 1 : 0;
    }
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
  }

  subtract(bucket: number, rowHash: Buffer): void {
    let borrow = 0;
    for (let word = words - 1; word >= 0; word--) {
      const at = bucket * words + word;
      const rest = (this.#sums[at] as number) - rowHash.readUInt32BE(word * 4) - borrow;
      this.#sums[at] = rest;
      borrow = rest < 0 ? 1 : 0;
    }
    this.#counts[bucket] = (this.#counts[bucket] as number) - 1;
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** The sum of all buckets: 32 hex digits. */
  get digest(): string {
    let total = 0n;
    for (let word = 0; word < words; word++) {
      let sum = 0;
      // 16,384 words of 32 bits are less than 2^53.
      for (let at = word; at < this.#sums.length; at += words) sum += this.#sums[at] as number;
      total = (total << 32n) + BigInt(sum);
    }
    return BigInt.asUintN(128, total).toString(16).padStart(32, "0");
  }

  /** The buckets in which two tables differ. */
  differingBuckets(other: Digests): ReadonlySet<number> {
    const differing = new Set<number>();
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      let isEqual = this.#counts[bucket] === other.#counts[bucket];
      for (let at = bucket * words; isEqual && at < (bucket + 1) * words; at++) {
        isEqual = this.#sums[at] === other.#sums[at];
      }
      if (!isEqual) differing.add(bucket);
    }
    return differing;
  }
}
