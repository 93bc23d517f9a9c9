import { runConformanceTests } from "@durable-streams/server-conformance-tests";
import { beforeEach, inject } from "vitest";

/**
 * What is not done here, by the beginning of a test's full name. The suite's six tests of
 * subscriptions are off by themselves: another extension, asked for by an option.
 */
const exclusions: Record<string, string> = {
  "Fork - ": "Streams cannot be forked: an extension that no part of the product needs.",
  "Caching and ETag > should allow If-None-Match in CORS preflight responses":
    "There is no CORS: the browser knows one origin, and other sites are to read nothing.",
};

beforeEach(({ task, skip }) => {
  const name = task.fullTestName;
  const excluded = Object.keys(exclusions).find((beginning) => name.startsWith(beginning));
  if (excluded) skip(exclusions[excluded]);
});

runConformanceTests({ baseUrl: inject("workerUrl"), longPollTimeoutMs: 2_000 });
