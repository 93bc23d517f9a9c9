/**
 * List prices in US dollars beyond what the plans include, as docs/costs.md says where each is from
 * and of which date.
 */
import type { Counts } from "./counts.ts";

const million = 1_000_000;

/** Of one unit each, on Workers Paid. */
export const cloudflare = {
  requests: 0.3 / million,
  cpuMs: 0.02 / million,
  objectRequests: 0.15 / million,
  objectGbSeconds: 12.5 / million,
  objectRowsRead: 0.001 / million,
  objectRowsWritten: 1 / million,
  d1RowsRead: 0.001 / million,
  d1RowsWritten: 1 / million,
  kvReads: 0.5 / million,
  kvWrites: 5 / million,
} as const;

/** An object is billed for this much memory, whatever it uses. */
export const objectGb = 0.128;

/** What an answer used. */
export interface Usage {
  readonly counts: Counts;
  /** CPU time of the worker and the pages, which alone is billed; objects are billed by time. */
  readonly cpuMs: number;
  /** For how long the chat's object was awake. */
  readonly objectSeconds: number;
}

/** The price of an answer, by what is billed. */
export function priceOf({ counts, cpuMs, objectSeconds }: Usage) {
  const parts = {
    "rows written in objects": counts.objectRowsWritten * cloudflare.objectRowsWritten,
    "duration of the object": objectSeconds * objectGb * cloudflare.objectGbSeconds,
    "rows written in D1": counts.d1RowsWritten * cloudflare.d1RowsWritten,
    "CPU time": cpuMs * cloudflare.cpuMs,
    "Workers KV": counts.kvWrites * cloudflare.kvWrites + counts.kvReads * cloudflare.kvReads,
    // Each passes the pages' function too.
    requests:
      2 * counts.requests * cloudflare.requests + counts.objectRequests * cloudflare.objectRequests,
    "rows read":
      counts.objectRowsRead * cloudflare.objectRowsRead + counts.d1RowsRead * cloudflare.d1RowsRead,
  };
  const total = Object.values(parts).reduce((sum, price) => sum + price, 0);
  return { parts, total };
}

/** Of one unit each: Vercel's functions in Washington, and Upstash Redis paid by use. */
export const oldStack = {
  functionCpuHours: 0.128,
  functionGbHours: 0.0106,
  functionGb: 2,
  invocations: 0.6 / million,
  redisCommands: 0.2 / 100_000,
} as const;

/**
 * The price of an answer on the old stack, its database aside, which is paid by the hour.
 *
 * @param readers who read it over Redis: after a reload, or on another device
 */
export function oldPriceOf(seconds: number, chunksPerSecond: number, readers: number) {
  // By `bench:streams`: a mark of the stream and its end, and each chunk once for each reader.
  const commands = 4 + readers * (chunksPerSecond * seconds + 6);
  // By the same bench: 131 ms for 1,000 chunks.
  const cpuHours = (chunksPerSecond * seconds * 0.131) / 1_000 / 3_600;
  const { functionCpuHours, functionGbHours, functionGb, invocations, redisCommands } = oldStack;
  return {
    functions:
      cpuHours * functionCpuHours + (seconds / 3_600) * functionGb * functionGbHours + invocations,
    redis: commands * redisCommands,
  };
}
