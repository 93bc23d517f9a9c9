/**
 * Measures `pnpm import:vercel` on a deployment of 1,000,000 messages: the whole copy, a second run
 * with 1,000 new messages, the comparison after each, and the memory. It brings its own PostgreSQL
 * and an empty local storage, and prints a table for docs/benchmarks.md.
 *
 *   node bench/move/main.ts        1,000,000 messages
 *   node bench/move/main.ts 20000  fewer, to try it
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillMany } from "../../api-worker/import/test/fixtures/many.ts";
import { createSchema } from "../../api-worker/import/test/fixtures/schema.ts";
import { runSql, startPostgresServer } from "../../api-worker/import/test/postgres-server.ts";
import { runScript, ScriptError } from "../../scripts/lib/failure.ts";
import { rootDir } from "../../scripts/lib/paths.ts";
import { migrateLocally } from "../../scripts/lib/wrangler.ts";
import { describeMachine } from "../streams/machine.ts";
import { type Peaks, watchPeaks } from "./memory.ts";

const messagesPerChat = 50;
const chatsPerUser = 20;
const newMessages = 1_000;

/** What the report of a run says, of which this reads little. */
interface Report {
  readonly exitCode: number;
  readonly result: string;
  readonly startedAt: number;
  readonly verification: { readonly startedAt: number; readonly finishedAt: number } | null;
}

interface Measured {
  readonly copyMs: number;
  readonly compareMs: number;
  readonly peaks: Peaks;
}

function say(what: string): void {
  console.error(`${new Date().toTimeString().slice(0, 8)}  ${what}`);
}

/** Runs the command as package.json has it. @throws ScriptError when it finds a difference */
async function runCommand(sourceUrl: string, stateDir: string): Promise<Measured> {
  const { scripts } = JSON.parse(readFileSync(join(rootDir, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [, ...command] = scripts["import:vercel"]?.split(" ") ?? [];
  const report = join(stateDir, "report");
  const args = [...command, "--from", sourceUrl, "--to", "local", "--report", report];
  const child = spawn(process.execPath, args, {
    cwd: rootDir,
    env: { ...process.env, STATE_DIR: stateDir },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "close");
  const peaks = await watchPeaks(
    child.pid ?? 0,
    () => child.exitCode !== null || child.signalCode !== null,
  );
  await ended;
  if (!existsSync(join(report, "report.json"))) {
    throw new ScriptError("The import ended without a report.");
  }
  const found: Report = JSON.parse(readFileSync(join(report, "report.json"), "utf8"));
  const { exitCode, result, startedAt, verification } = found;
  if (exitCode !== 0 || !verification) throw new ScriptError(`The import ended badly: ${result}`);
  return {
    copyMs: verification.startedAt - startedAt,
    compareMs: verification.finishedAt - verification.startedAt,
    peaks,
  };
}

/** One more message in each of as many chats. */
const addMessages = `
  INSERT INTO "Message_v2" ("id", "chatId", "role", "parts", "attachments", "createdAt")
  SELECT gen_random_uuid(), id, 'user', '[{"type":"text","text":"One more question"}]', '[]', now()
  FROM (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS place FROM "Chat") AS chats
  JOIN generate_series(0, ${newMessages - 1}) AS n ON place = 1 + n % (SELECT count(*) FROM "Chat")`;

function seconds(ms: number): string {
  const whole = Math.round(ms / 1_000);
  return whole < 60
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function tableOf(first: Measured, second: Measured): string {
  const peak = (of: keyof Peaks) => Math.max(first.peaks[of], second.peaks[of]);
  const rows = [
    ["copy everything", seconds(first.copyMs), "15 min"],
    ["compare everything", seconds(first.compareMs), "5 min"],
    [`copy ${newMessages.toLocaleString("en")} new messages`, seconds(second.copyMs), "30 s"],
    ["compare everything once more", seconds(second.compareMs), "5 min"],
    ["most memory of the command", megabytes(peak("command")), "500 MB"],
    ["most memory of the local runtime beside it", megabytes(peak("runtime")), ""],
  ];
  return [
    "| | measured | aim |",
    "|---|---:|---:|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

await runScript(async () => {
  const messages = Number(process.argv[2] ?? 1_000_000);
  const chats = Math.ceil(messages / messagesPerChat);
  const users = Math.ceil(chats / chatsPerUser);
  const stateDir = mkdtempSync(join(tmpdir(), "bench-move-"));
  const postgres = await startPostgresServer();
  try {
    say(`making ${messages.toLocaleString("en")} messages`);
    await runSql(postgres.url, createSchema("newest"));
    await runSql(postgres.url, fillMany({ users, chats, messagesPerChat }));
    await runSql(postgres.url, "VACUUM ANALYZE");
    await migrateLocally(stateDir);
    say("first run");
    const first = await runCommand(postgres.url, stateDir);
    await runSql(postgres.url, addMessages);
    say("second run");
    const second = await runCommand(postgres.url, stateDir);
    console.log(
      `${messages.toLocaleString("en")} messages in ${chats.toLocaleString("en")} chats of ${users.toLocaleString("en")} users; ${describeMachine()}\n`,
    );
    console.log(tableOf(first, second));
  } finally {
    await postgres.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
