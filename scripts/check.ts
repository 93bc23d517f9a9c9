import { runChecks } from "./lib/checks.ts";
import { runScript, ScriptError } from "./lib/failure.ts";

await runScript(async () => {
  const failures = await runChecks();
  if (failures.length > 0) throw new ScriptError(`Failed: ${failures.join(", ")}.`);
});
