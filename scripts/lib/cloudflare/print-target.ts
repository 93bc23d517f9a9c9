import { parseArgs } from "node:util";
import { runScript } from "../failure.ts";
import { readEnvironment } from "./branch.ts";
import { readTarget, requireResources } from "./target.ts";

/**
 * A process of its own for the import, which has no room for the library that reads wrangler.toml:
 * prints the ids of an environment as JSON. [--env staging]
 */
await runScript(async () => {
  const { values } = parseArgs({ options: { env: { type: "string" } } });
  const target = requireResources(readTarget(readEnvironment(values.env)));
  const { accountId, bucketName: bucket, databases } = target;
  const idOf = (binding: string) =>
    databases.find((database) => database.binding === binding)?.database_id;
  const databaseIds = { home: idOf("HOME"), content: idOf("CONTENT_0") };
  console.log(JSON.stringify({ accountId, bucket, databaseIds }));
});
