import { parseArgs } from "node:util";
import { decideOrigin } from "./lib/cloudflare/branch.ts";
import { deployPages, deployWorker } from "./lib/cloudflare/deploy.ts";
import { openSession } from "./lib/cloudflare/login.ts";
import { deployWebWorker, readWebHome } from "./lib/cloudflare/web-worker.ts";
import { runScript, ScriptError } from "./lib/failure.ts";

// api [--no-record] [-- <options of wrangler>] | web [--to pages|workers] [--built] [--any-contract];
// both with [--env production|staging] [--branch <name>].

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      env: { type: "string" },
      branch: { type: "string" },
      to: { type: "string", default: "pages" },
      built: { type: "boolean", default: false },
      "any-contract": { type: "boolean", default: false },
      "no-record": { type: "boolean", default: false },
    },
  });
  const [part, ...options] = positionals;
  if (part !== "api" && part !== "web") {
    throw new ScriptError("Say what to deploy: api or web.");
  }
  const { branch, environment } = decideOrigin(values);
  const session = await openSession(environment);
  const print = (line: string) => console.log(line);
  if (part === "api") {
    await deployWorker(session, { print, isRecorded: !values["no-record"], options });
  } else {
    if (options.length > 0) throw new ScriptError(`deploy:web does not know ${options[0]}.`);
    const isAnyContract = values["any-contract"];
    const deploy = readWebHome(values.to) === "workers" ? deployWebWorker : deployPages;
    await deploy(session, { print, branch, isBuilt: values.built, isAnyContract });
  }
});
