import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../paths.ts";
import type { Contract, Snapshot } from "./contract.ts";

/** The folder of the contracts that are deployed, which is committed. */
export const snapshotsDir = fromRoot("api-worker/deployed-contracts");

/** Newest first. */
const names = ["latest.json", "previous.json"] as const;

/** A break that was decided on, and why it does no harm. */
export interface AcceptedBreak {
  readonly break: string;
  readonly because: string;
}

/** @returns the contracts of the last two deployments, the newest first */
export function readSnapshots(directory = snapshotsDir): Snapshot[] {
  return names
    .map((name) => join(directory, name))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as Snapshot);
}

/** @returns the breaks that accepted.json names */
export function readAccepted(directory = snapshotsDir): AcceptedBreak[] {
  const file = join(directory, "accepted.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

/**
 * Writes a deployed contract as the newest. The contract of the deployment before it stays, the one
 * before that goes.
 *
 * @param today like `2026-11-29`
 * @returns false when the newest snapshot already says the same
 */
export function recordSnapshot(
  contract: Contract,
  today: string,
  directory = snapshotsDir,
): boolean {
  const [latest] = readSnapshots(directory);
  if (latest && linesOf({ ...contract, deployedOn: latest.deployedOn }) === linesOf(latest)) {
    return false;
  }
  mkdirSync(directory, { recursive: true });
  if (latest) writeFileSync(join(directory, names[1]), linesOf(latest));
  writeFileSync(join(directory, names[0]), linesOf({ ...contract, deployedOn: today }));
  return true;
}

/** One line for each call, so that a change of one shows as one line. */
function linesOf({ deployedOn, version, procedures, objects }: Snapshot): string {
  const calls = (entries: Readonly<Record<string, unknown>>) =>
    Object.entries(entries)
      .map(([name, call]) => `    ${JSON.stringify(name)}: ${JSON.stringify(call)}`)
      .join(",\n");
  return `{
  "deployedOn": ${JSON.stringify(deployedOn)},
  "version": ${JSON.stringify(version)},
  "procedures": {
${calls(procedures)}
  },
  "objects": {
${calls(objects)}
  }
}
`;
}
