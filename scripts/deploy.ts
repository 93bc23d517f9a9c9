import { buildWeb } from "./lib/build.ts";
import { migrateInCloud, requireLogin, runInCloud } from "./lib/cloud.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { fromRoot } from "./lib/paths.ts";

// api | web: deploys one of the two. Further arguments go to wrangler unchanged.

await runScript(async () => {
  const [part, ...options] = process.argv.slice(2);
  switch (part) {
    case "api":
      await requireLogin();
      // Migrates first. Migrations only add, so the worker that is still running can cope with
      // them.
      await migrateInCloud();
      await runInCloud(["deploy", ...options]);
      break;
    case "web":
      await requireLogin();
      await buildWeb();
      await runInCloud(["pages", "deploy", ...options], fromRoot("web"));
      break;
    default:
      throw new ScriptError("Say what to deploy: api or web.");
  }
});
