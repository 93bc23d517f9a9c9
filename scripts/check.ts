import { runChecks } from "./lib/checks.ts";
import { runScript, ScriptError } from "./lib/failure.ts";

await runScript(async () => {
  const failures = await runChecks();
  if (failures > 0) throw new ScriptError(`${failures} of the checks failed.`);
});
