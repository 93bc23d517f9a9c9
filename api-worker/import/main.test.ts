/** The command as its own process, also when it is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { Dice } from "../test/dice.ts";
import { rootDir } from "./root-dir.ts";
import { openLocalTarget } from "./target/local.ts";
import { startBlobServer } from "./test/blob-server.ts";
import { lifelike } from "./test/fixtures/lifelike.ts";
import { fillMany } from "./test/fixtures/many.ts";
import { blobPaths, blobUrl, fillNasty } from "./test/fixtures/nasty.ts";
import { createSchema } from "./test/fixtures/schema.ts";
import { startPostgres, type TestPostgres } from "./test/postgres.ts";
import { expectSound, stateOf } from "./test/target-state.ts";

/** Kills in the test; more by hand: `KILLS=50`. */
const kills = Number(process.env.KILLS ?? 3);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.run(createSchema("newest"));
});
afterAll(() => postgres.stop());

function newStorage(): string {
  const stateDir = mkdtempSync(join(tmpdir(), "import-command-"));
  cpSync(inject("emptyStorage"), stateDir, { recursive: true });
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  return stateDir;
}

function start(stateDir: string, ...args: readonly string[]): ChildProcess {
  const command = [
    "api-worker/import/main.ts",
    "--to",
    "local",
    "--report",
    join(stateDir, "report"),
  ];
  return spawn(process.execPath, [...command, ...args], {
    cwd: rootDir,
    env: { ...process.env, STATE_DIR: stateDir },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that a kill takes the local runtime at once.
    detached: true,
  });
}

/** Ends the command and the local runtime that it has started, as a machine that loses its power. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) throw new Error("The command did not start.");
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It had ended already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** @returns the exit code and what was printed */
async function finish(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.on("data", (data) => {
    output += data;
  });
  child.stderr?.on("data", (data) => {
    output += data;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

async function readState(stateDir: string): Promise<Record<string, unknown>> {
  const target = await openLocalTarget({ stateDir, bindings: inject("bindings") });
  try {
    await expectSound(target);
    // The ledger's pieces depend on how often a group was written.
    const { importRows: _, ...state } = await stateOf(target);
    return state;
  } finally {
    await target.close();
  }
}

test(`a run that was killed ${kills} times ends like one that was not (seed ${seed})`, {
  timeout: 60_000 + kills * 20_000,
}, async () => {
  const blob = await startBlobServer();
  onTestFinished(() => blob.close());
  for (const path of blobPaths) blob.files.set(path, { bytes: lifelike.picture });
  const rows = fillNasty("newest").replaceAll(blobUrl, blob.urlOf(""));
  await postgres.run(rows + fillMany({ users: 30, chats: 300, messagesPerChat: 10 }));
  const args = ["--from", postgres.url, "--blob-host", blob.host];

  const undisturbed = newStorage();
  const startedAt = performance.now();
  const whole = await finish(start(undisturbed, ...args));
  const wholeMs = performance.now() - startedAt;
  expect(whole.output).toContain("report");
  expect(whole.code).toBe(0);

  const killed = newStorage();
  const dice = new Dice(seed);
  for (let count = 0; count < kills; count += 1) {
    const child = start(killed, ...args);
    const ended = finish(child);
    await Promise.race([ended, sleep(dice.between(0, Math.ceil(wholeMs)))]);
    kill(child);
    await ended;
  }
  const last = await finish(start(killed, ...args));
  expect(last.code, last.output).toBe(0);
  expect(await readState(killed)).toEqual(await readState(undisturbed));
  const report = JSON.parse(readFileSync(join(killed, "report/report.json"), "utf8"));
  expect(report.verification.differenceCount).toBe(0);
});

/** Processes of a group that have not ended. One that has counts until its parent has noticed. */
function listRunning(group: number): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      // Behind the name: state, parent, group.
      const [state, , own] = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/.*\) /s, "")
        .split(" ");
      return Number(own) === group && state !== "Z";
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

test.runIf(existsSync("/proc/self/stat"))(
  "a command that is killed takes the local runtime with it",
  async () => {
    // A database that takes the connection and says nothing: the target is open by then.
    const silent = createServer();
    onTestFinished(() => void silent.close());
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const { port } = silent.address() as AddressInfo;
    const asked = once(silent, "connection");
    const child = start(newStorage(), "--from", `postgres://ada@127.0.0.1:${port}/chat`);
    onTestFinished(() => kill(child));
    await asked;
    const { pid = 0 } = child;
    expect(listRunning(pid).length).toBeGreaterThan(1);
    child.kill("SIGKILL");
    await expect.poll(() => listRunning(pid), { timeout: 20_000 }).toEqual([]);
  },
);

test.each([
  [["--to", "nowhere"], 2, "--to takes local or remote."],
  [["--from", "postgres://ada:secret@127.0.0.1:1/chat"], 3, "Nothing answers at this address."],
])("%j ends with a sentence and the code %i", async (args, code, sentence) => {
  const result = await finish(start(newStorage(), "--from", postgres.url, ...args));
  expect(result.code).toBe(code);
  expect(result.output).toContain(sentence);
  expect(result.output).not.toContain("secret");
  expect(result.output).not.toContain("    at ");
});
