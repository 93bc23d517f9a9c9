import { buildWeb } from "./lib/build.ts";
import { migrateInCloud, requireLogin, runInCloud } from "./lib/cloud.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { fromRoot } from "./lib/paths.ts";

// api | web: each goes out alone. What follows the part's name goes to wrangler as it is.

await runScript(async () => {
  const [part, ...options] = process.argv.slice(2);
  switch (part) {
    case "api":
      await requireLogin();
      // First the database: migrations only add, so the worker that still runs can live with them.
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
