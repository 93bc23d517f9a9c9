import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { readEnvironment } from "./lib/cloudflare/branch.ts";
import { openSession } from "./lib/cloudflare/login.ts";
import { migrate } from "./lib/cloudflare/migrate.ts";
import { restoreInCloud } from "./lib/cloudflare/restore.ts";
import { confirm } from "./lib/confirm.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { seedLocally } from "./lib/seed.ts";
import { readSettings } from "./lib/settings.ts";
import { migrateLocally, restoreLocally, storageDir } from "./lib/wrangler.ts";

// migrate [--remote [--env staging]] | reset [--yes] | seed [--messages <count>] | restore <file> [--remote [--env staging]]

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      remote: { type: "boolean" },
      yes: { type: "boolean" },
      messages: { type: "string" },
      env: { type: "string" },
    },
  });
  const [task, file] = positionals;
  const { stateDir } = readSettings();
  if (values.remote && task !== "migrate" && task !== "restore") {
    throw new ScriptError(`db:${task} works on local storage only.`);
  }
  if (values.env !== undefined && !values.remote)
    throw new ScriptError("--env goes with --remote.");
  switch (task) {
    case "migrate":
      if (values.remote) {
        const environment = readEnvironment(values.env);
        await migrate(await openSession(environment), (line) => console.log(line));
        console.log(`The databases of ${environment} are up to date.`);
      } else {
        await migrateLocally(stateDir);
        console.log(`The database in ${stateDir} is up to date.`);
      }
      break;
    case "reset":
      if (!values.yes) await confirm(`Delete all local data in ${stateDir}?`);
      await rm(storageDir(stateDir), { recursive: true, force: true });
      await migrateLocally(stateDir);
      console.log(`The database in ${stateDir} is new and empty.`);
      break;
    case "seed": {
      await migrateLocally(stateDir);
      const { users, chatCount } = await seedLocally(stateDir, longChats(values.messages));
      console.log(`There are ${chatCount} demo chats. Log in as one of:`);
      for (const { email, password } of users) console.log(`  ${email}  ${password}`);
      break;
    }
    case "restore":
      if (file === undefined) throw new ScriptError("Name the file of the export.");
      if (values.remote) {
        await restoreInCloud(readEnvironment(values.env), file);
      } else {
        await restoreLocally(stateDir, file);
        console.log(`The database in ${stateDir} is what ${file} says.`);
      }
      break;
    default:
      throw new ScriptError("Say what to do: migrate, reset, seed or restore.");
  }
});

/** @throws {ScriptError} unless it is a number of messages that a chat can have */
function longChats(messages: string | undefined): number[] {
  if (messages === undefined) return [];
  const count = Number(messages);
  if (!Number.isInteger(count) || count < 1 || count > 99_999) {
    throw new ScriptError("--messages takes a number from 1 to 99999.");
  }
  return [count];
}
