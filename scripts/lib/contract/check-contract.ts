import type { CommandResult } from "../processes.ts";
import { findBreaks, findNewObjectCalls } from "./compare-contracts.ts";
import type { Contract, Snapshot } from "./contract.ts";
import { readContract } from "./read-contract.ts";
import { type AcceptedBreak, readAccepted, readSnapshots } from "./snapshots.ts";

/** The check of `pnpm check`: this checkout against what is deployed. */
export async function checkContract(): Promise<CommandResult> {
  const report = reportBreaks(await readContract(), readSnapshots(), readAccepted());
  return { code: report.isSound ? 0 : 1, output: report.lines.join("\n") };
}

/** The outcome of a comparison, with lines for the developer. */
export interface ContractReport {
  readonly isSound: boolean;
  readonly lines: readonly string[];
}

/**
 * Compares a contract with those that are deployed. Web apps of both may still be open, and objects
 * may still run the code of both.
 *
 * @param accepted breaks that do not count. One that does not occur counts as a fault itself
 */
export function reportBreaks(
  current: Contract,
  deployed: readonly Snapshot[],
  accepted: readonly AcceptedBreak[] = [],
): ContractReport {
  const allowed = new Set(accepted.map((entry) => entry.break));
  const met = new Set<string>();
  const lines: string[] = [];
  for (const snapshot of deployed) {
    const breaks = findBreaks(snapshot, current);
    for (const one of breaks) met.add(one);
    const refused = breaks.filter((one) => !allowed.has(one) && !lines.includes(`  ${one}`));
    if (refused.length === 0) continue;
    lines.push(`Breaks the contract that was deployed on ${snapshot.deployedOn}:`);
    lines.push(...refused.map((one) => `  ${one}`));
  }
  for (const one of allowed) {
    if (!met.has(one)) lines.push(`accepted.json names a break that does not occur: ${one}`);
  }
  if (lines.length > 0) {
    lines.push("docs/contract.md says how to change a contract without a break.");
    return { isSound: false, lines };
  }
  const fresh = deployed[0] ? findNewObjectCalls(deployed[0], current) : [];
  return {
    isSound: true,
    lines: fresh.map((name) => `${name} is new: objects that run the older code do not answer it.`),
  };
}
