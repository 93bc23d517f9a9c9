import { z } from "zod";
import { hasCode } from "../cloudflare/api.ts";
import type { Session } from "../cloudflare/login.ts";
import { envOption } from "../cloudflare/target.ts";
import { ScriptError } from "../failure.ts";
import { checkContract } from "./check-contract.ts";
import { findProcedureBreaks } from "./compare-contracts.ts";
import type { Snapshot, WebContract } from "./contract.ts";
import { readContract, readWebContract } from "./read-contract.ts";
import { readSnapshots, recordSnapshot } from "./snapshots.ts";

const tagPrefix = "contract-";

/** Lets `deploy:web` go although the contract of the deployed worker is not known. */
export const anyContractOption = "--any-contract";

/**
 * Makes sure that open pages and running objects survive the deployment of this worker.
 *
 * @returns wrangler's options that write the contract's version beside the deployed code
 * @throws {ScriptError} when something would break
 */
export async function prepareContract(): Promise<string[]> {
  const { code, output } = await checkContract();
  if (code !== 0) throw new ScriptError(output);
  if (output) console.log(output);
  return ["--tag", tagPrefix + (await readWebContract()).version];
}

/** Writes down that the contract of this checkout is deployed, and says what to do about it. */
export async function noteDeployedContract(): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  if (recordSnapshot(await readContract(), today)) {
    console.log("The contract has changed: commit api-worker/deployed-contracts.");
  }
}

/**
 * Makes sure that the deployed worker has all that the web app of this checkout calls.
 *
 * @throws {ScriptError} when the worker lacks something, or its contract is not known
 */
export async function requireDeployedContract(session: Session): Promise<void> {
  const needed = await readWebContract();
  console.log(`This web app needs contract ${needed.version}.`);
  const deploy = `deploy:api${envOption(session.target.environment)}`;
  const refusal = refuseWeb(needed, await findDeployedVersions(session), readSnapshots(), deploy);
  if (refusal) throw new ScriptError(refusal);
}

/**
 * Says why a web app cannot be deployed in front of a worker.
 *
 * @param found the contracts of the worker's deployed versions; null for one without a tag of ours
 * @param known contracts by which a version is recognised
 * @param deploy the command that deploys the worker
 * @returns null when it can
 */
export function refuseWeb(
  needed: WebContract,
  found: readonly (string | null)[],
  known: readonly Snapshot[],
  deploy = "deploy:api",
): string | null {
  for (const version of found) {
    if (version === needed.version) continue;
    const snapshot = known.find((one) => one.version === version);
    if (!snapshot) {
      const what = version === null ? "no contract" : `contract ${version}`;
      return `The deployed worker names ${what}, and this web app needs ${needed.version}. Run ${deploy} from this checkout first. If the worker is newer than this checkout, update the checkout, or pass ${anyContractOption}.`;
    }
    // A worker may have more than the web app needs.
    const lacking = findProcedureBreaks(needed, snapshot).map((one) => one.split(":")[0]);
    if (lacking.length > 0) {
      const calls = [...new Set(lacking)].join(", ");
      return `The deployed worker has contract ${version} of ${snapshot.deployedOn}, which lacks what this web app needs of: ${calls}. Run ${deploy} first.`;
    }
  }
  return found.length > 0 ? null : `No worker is deployed. Run ${deploy} first.`;
}

const deployments = z.object({
  deployments: z.array(
    z.object({
      versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
    }),
  ),
});
const version = z.object({
  annotations: z.object({ "workers/tag": z.string().optional() }).nullish(),
});

/** Cloudflare's code for a worker that is not there. */
const noWorker = 10007;

/**
 * Reads which contracts the deployed worker has. During a gradual deployment there are several.
 *
 * @returns one for each version that gets requests, null for a version that was deployed without
 *   `deploy:api`; an empty list when there is no worker
 * @throws {ScriptError} with Cloudflare's words, when the account cannot be read
 */
export async function findDeployedVersions({ api, target }: Session): Promise<(string | null)[]> {
  const path = `/workers/scripts/${target.workerName}`;
  const list = await api.get(`${path}/deployments`, deployments).catch((error) => {
    if (hasCode(error, noWorker)) return { deployments: [] };
    throw error;
  });
  // The newest is first.
  const serving = (list.deployments[0]?.versions ?? []).filter(({ percentage }) => percentage > 0);
  return Promise.all(
    serving.map(async ({ version_id }) => {
      const { annotations } = await api.get(`${path}/versions/${version_id}`, version);
      const tag = annotations?.["workers/tag"];
      return tag?.startsWith(tagPrefix) ? tag.slice(tagPrefix.length) : null;
    }),
  );
}
