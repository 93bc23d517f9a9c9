import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScriptError } from "../../scripts/lib/failure.ts";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { runCommand } from "../../scripts/lib/processes.ts";
import { endChild, keep, removeAtExit, untilListening } from "./children.ts";
import type { Contender } from "./contender.ts";
import { sumUsage } from "./proc.ts";

// The package is CommonJS and has no types. Its default export is the program's path.
const workerd = createRequire(import.meta.url)("workerd").default as string;

/**
 * Ours: the product's engine in a Durable Object under the plain runtime, with its storage on disk
 * and without the proxy that wrangler puts in front.
 */
export async function startEngine(): Promise<Contender> {
  const directory = removeAtExit(mkdtempSync(join(tmpdir(), "bench-engine-")));
  const bundle = await runCommand(
    "wrangler",
    [
      ...["deploy", "--dry-run", "--outdir", directory],
      ...["--config", join(import.meta.dirname, "engine", "wrangler.toml")],
    ],
    { cwd: directory, env: process.env },
  );
  if (bundle.code !== 0) throw new ScriptError(`The engine could not be built:\n${bundle.output}`);
  mkdirSync(join(directory, "storage"));
  const port = await findFreePort();
  const config = join(directory, "config.capnp");
  writeFileSync(config, runtimeConfig(port));
  const runtime = keep(
    spawn(workerd, ["serve", "--experimental", config], {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
  await untilListening(port, runtime);
  const origin = `http://127.0.0.1:${port}`;
  return {
    name: "Alleato Chat",
    producerOrigin: origin,
    readerOrigin: origin,
    writes: async () => Number(await (await fetch(`${origin}/rows`)).text()),
    usage: () => sumUsage([runtime.pid ?? 0]),
    async stop() {
      await endChild(runtime);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** @see https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */
function runtimeConfig(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "engine", worker = .engine),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "disk", disk = (path = "storage", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "engine")],
);
const engine :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-15",
  compatibilityFlags = ["nodejs_compat", "enable_request_signal"],
  durableObjectNamespaces = [(className = "BenchTurn", uniqueKey = "bench", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "TURN", durableObjectNamespace = "BenchTurn")],
);
`;
}
