import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

/** Describes the kind of machine, without identifying it. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpu?.model.trim()}), ${gigabytes} GB, ${systemName()}, Linux ${release().split("-")[0]}`;
}

function systemName(): string {
  const about = readFileSync("/etc/os-release", "utf8");
  return /^PRETTY_NAME="(.+)"$/m.exec(about)?.[1] ?? "Linux";
}

/** The versions of the measured packages and their runtimes. */
export function listVersions(): Record<string, string> {
  const { stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  return {
    node: process.version.slice(1),
    workerd: versionOf("workerd"),
    "redis-server": /v=(\S+)/.exec(stdout)?.[1] ?? "unknown",
    redis: versionOf("redis"),
    "resumable-stream": versionOf("resumable-stream"),
  };
}

function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      const text = readFileSync(join(folder, name, "package.json"), "utf8");
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Not in this folder, so look in the parent.
    }
  }
  return "unknown";
}
