import { defineConfig } from "vitest/config";

/**
 * Open streams as a program meets them, over HTTP: the protocol's own suite and its official
 * client, in Node, against the worker under the local runtime.
 */
export default defineConfig({
  test: {
    name: "conformance",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    globalSetup: ["./support/global-setup.ts"],
    setupFiles: ["./support/send-token.ts"],
    // One runtime serves all, on few cores.
    fileParallelism: false,
    // A busy machine is slow, not wrong. Only a test that hangs may time out.
    testTimeout: 60_000,
  },
});
