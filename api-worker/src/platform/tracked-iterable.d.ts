import { type TrackedEnvelope } from "@trpc/server";
import { z } from "zod";
/**
 * A zod schema for what a subscription yields, so that its events have a checked type like every
 * other output. Each event is parsed as it passes.
 *
 * @see https://trpc.io/docs/server/subscriptions#output-validation
 */
export declare function zTrackedIterable<Yield>(
  yieldSchema: z.ZodType<Yield>,
): z.ZodPipe<
  z.ZodCustom<AsyncIterable<TrackedEnvelope<Yield>>, AsyncIterable<TrackedEnvelope<Yield>>>,
  z.ZodTransform<
    AsyncGenerator<TrackedEnvelope<Yield>, void, unknown>,
    AsyncIterable<TrackedEnvelope<Yield>>
  >
>;
