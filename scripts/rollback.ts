import { parseArgs } from "node:util";
import { readEnvironment } from "./lib/cloudflare/branch.ts";
import { openSession, type Session } from "./lib/cloudflare/login.ts";
import {
  type Moment,
  rewindDatabase,
  rollBackPages,
  rollBackWorker,
} from "./lib/cloudflare/rollback.ts";
import { envOption } from "./lib/cloudflare/target.ts";
import { readWebHome, rollBackWebWorker } from "./lib/cloudflare/web-worker.ts";
import { confirm } from "./lib/confirm.ts";
import { runScript, ScriptError } from "./lib/failure.ts";

// api [version] | web [--to pages|workers] [deployment or version] | db <time> or
// db --bookmark <bookmark>, both with [--yes]; all with [--env staging]

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      env: { type: "string" },
      bookmark: { type: "string" },
      yes: { type: "boolean", default: false },
      to: { type: "string", default: "pages" },
    },
  });
  const [part, which] = positionals;
  const environment = readEnvironment(values.env);
  const session = await openSession(environment);
  switch (part) {
    case "api":
      await rollBackWorker(session, which);
      break;
    case "web": {
      if (readWebHome(values.to) === "workers") {
        await rollBackWebWorker(session, which);
        break;
      }
      if (environment !== "production") throw new ScriptError("A preview is not rolled back.");
      const id = await rollBackPages(session, which);
      console.log(`The web app is that of deployment ${id}. To undo it: deploy:web`);
      break;
    }
    case "db":
      await rewind(session, readMoment(which, values.bookmark), values.yes);
      break;
    default:
      throw new ScriptError("Say what to roll back: api, web or db.");
  }
});

function readMoment(time: string | undefined, bookmark: string | undefined): Moment {
  if (time !== undefined && bookmark === undefined) return { time };
  if (time === undefined && bookmark !== undefined) return { bookmark };
  throw new ScriptError("Name the time, like 2026-11-29T08:00:00Z.");
}

async function rewind(session: Session, moment: Moment, isYes: boolean): Promise<void> {
  const before = await rewindDatabase(session, moment, isYes ? async () => {} : confirm);
  const option = envOption(session.target.environment);
  console.log(
    `The database is restored. To undo it: db:rewind --bookmark ${before}${option}\nRun search:rebuild --remote${option} now: the search indexes are not in the database.`,
  );
}
