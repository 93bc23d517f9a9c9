import { writeApiDocs } from "./lib/api-docs/api-docs.ts";
import { runScript } from "./lib/failure.ts";

// Writes docs/api.md from the router.

await runScript(async () => {
  await writeApiDocs();
  console.log("docs/api.md is written.");
});
