import { defineConfig } from "vitest/config";

/**
 * Tests open streams over HTTP, as programs use them: the protocol's own test suite and its
 * official client, in Node, against the worker under the local runtime.
 */
export default defineConfig({
  test: {
    name: "conformance",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./support/global-setup.ts"],
    setupFiles: ["./support/send-token.ts"],
    // All tests share one runtime on few cores.
    fileParallelism: false,
    // A busy machine is slow, which is not a failure. Only a test that hangs may time out.
    testTimeout: 60_000,
  },
});
