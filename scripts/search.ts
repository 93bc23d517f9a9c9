import { parseArgs } from "node:util";
import { runScript, ScriptError } from "./lib/failure.ts";
import { rebuildInCloud, rebuildLocally } from "./lib/rebuild-search.ts";
import { readSettings } from "./lib/settings.ts";

// rebuild [email] [--remote]

await runScript(async (ending) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { remote: { type: "boolean" } },
  });
  const [task, email, ...others] = positionals;
  if (task !== "rebuild" || others.length > 0) {
    throw new ScriptError("Say what to do: rebuild [email] [--remote].");
  }
  const options = { email, ending, print: (line: string) => console.log(line) };
  if (values.remote) await rebuildInCloud(options);
  else await rebuildLocally(readSettings(), options);
});
