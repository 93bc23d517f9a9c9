import { join } from "node:path";
import { buildAll } from "./lib/build.ts";
import { runScript, ScriptError, untilAborted } from "./lib/failure.ts";
import { servicePrinter } from "./lib/output.ts";
import { requireFreePort } from "./lib/ports.ts";
import { readSettings, readWorkerVars } from "./lib/settings.ts";
import { startStack } from "./lib/stack.ts";

// Serves the production build under the local runtime. The worker has no port of its own here:
// as on the platform, the web app's address is the only way in.

await runScript(async (ending) => {
  const { webPort, stateDir } = readSettings();
  await requireFreePort(webPort, "WEB_PORT");
  console.log("Building the product …");
  const build = await buildAll(join(stateDir, "build"));
  if (ending.aborted) return;
  console.log("Starting the production build …");
  const stack = await startStack({
    port: webPort,
    build,
    stateDir,
    vars: readWorkerVars(),
    withLocalSecrets: true,
    onLine: servicePrinter("app"),
  });
  try {
    const lost = stack.lost.then(() => {
      throw new ScriptError("The runtime ended unexpectedly.");
    });
    lost.catch(() => {});
    if (!ending.aborted) {
      console.log(
        `\nAlleato Chat (production build) is ready: ${stack.url}\nPress Ctrl-C to end.\n`,
      );
    }
    await Promise.race([untilAborted(ending), lost]);
  } finally {
    await stack.stop();
  }
});
