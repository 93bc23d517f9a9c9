import { generateRouteTypes } from "./lib/checks.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { writeWorkerTypes } from "./lib/worker-types.ts";

await runScript(async () => {
  for (const generate of [writeWorkerTypes, generateRouteTypes]) {
    const { code, output } = await generate();
    if (code !== 0) throw new ScriptError(output);
  }
});
