import { isTrackedEnvelope, type TrackedEnvelope, tracked } from "@trpc/server";
import { z } from "zod";

/** What the iterables of a schema yield, by the schema. */
const yieldSchemas = new WeakMap<object, z.ZodType>();

/** @returns the schema of what an iterable yields; undefined for a schema of anything else */
export function yieldSchemaOf(schema: object): z.ZodType | undefined {
  return yieldSchemas.get(schema);
}

function noteYields<Schema extends z.ZodType>(schema: Schema, yields: z.ZodType): Schema {
  yieldSchemas.set(schema, yields);
  return schema;
}

/**
 * A zod schema for what a subscription yields, so that its events have a checked type like every
 * other output. Each event is parsed as it passes.
 *
 * @see https://trpc.io/docs/server/subscriptions#output-validation
 */
export function zTrackedIterable<Yield>(yieldSchema: z.ZodType<Yield>) {
  const schema = z
    .custom<AsyncIterable<TrackedEnvelope<Yield>>>(
      (value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value,
    )
    .transform(async function* (iterable) {
      for await (const event of iterable) {
        if (!isTrackedEnvelope(event)) throw new TypeError("An event has no id.");
        const [id, data] = event;
        yield tracked(id, yieldSchema.parse(data));
      }
    });
  return noteYields(schema, yieldSchema);
}

/**
 * Like {@link zTrackedIterable}, for a subscription whose events have no ids. A reader that
 * reconnects starts anew.
 */
export function zIterable<Yield>(yieldSchema: z.ZodType<Yield>) {
  const schema = z
    .custom<AsyncIterable<Yield>>(
      (value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value,
    )
    .transform(async function* (iterable) {
      for await (const event of iterable) yield yieldSchema.parse(event);
    });
  return noteYields(schema, yieldSchema);
}
