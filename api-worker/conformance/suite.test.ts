import { runConformanceTests } from "@durable-streams/server-conformance-tests";
import { beforeEach, inject } from "vitest";

/**
 * Features that we do not implement, by the start of a test's full name. The suite itself skips its
 * six tests of subscriptions, an extension that must be switched on.
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
