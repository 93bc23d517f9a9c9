/** A push service that others wrote, beside a test run: web-push-testing. */

import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Origin of a push service. */
    pushUrl: string;
  }
}

const require = createRequire(import.meta.url);

/** Runs the push service on a free port. */
export default async function setup(project: TestProject): Promise<() => void> {
  const { PushApiModel } = require("web-push-testing/src/PushApiModel.js");
  const PushServer = require("web-push-testing/src/server.js");
  const service = new PushServer(new PushApiModel(), 0);
  // Not `startServer`, which takes no free port and prints a line.
  service.setRequestHandlers();
  const server: Server = service._app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  project.provide("pushUrl", `http://127.0.0.1:${port}`);
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
