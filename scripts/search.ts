import { parseArgs } from "node:util";
import { readEnvironment } from "./lib/cloudflare/branch.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { rebuildInCloud, rebuildLocally } from "./lib/rebuild-search.ts";
import { readSettings } from "./lib/settings.ts";

// rebuild [email] [--remote [--env staging]]

await runScript(async (ending) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { remote: { type: "boolean", default: false }, env: { type: "string" } },
  });
  const [task, email, ...others] = positionals;
  if (task !== "rebuild" || others.length > 0) {
    throw new ScriptError("Say what to do: rebuild [email] [--remote [--env staging]].");
  }
  const options = { email, ending, print: (line: string) => console.log(line) };
  if (values.remote) return await rebuildInCloud(readEnvironment(values.env), options);
  if (values.env !== undefined) throw new ScriptError("--env goes with --remote.");
  await rebuildLocally(readSettings(), options);
});
