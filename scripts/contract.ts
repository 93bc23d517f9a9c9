import { checkContract } from "./lib/contract/check-contract.ts";
import { readContract, readWebContract } from "./lib/contract/read-contract.ts";
import { recordSnapshot } from "./lib/contract/snapshots.ts";
import { runScript, ScriptError } from "./lib/failure.ts";

// check | record | version: the contract of this checkout, compared with the deployed ones, written
// down as deployed, or its version alone.

await runScript(async () => {
  switch (process.argv[2]) {
    case "check": {
      const { code, output } = await checkContract();
      if (code !== 0) throw new ScriptError(output);
      console.log(output || "No older web app and no older object breaks.");
      break;
    }
    case "record": {
      const isNew = recordSnapshot(await readContract(), new Date().toISOString().slice(0, 10));
      console.log(isNew ? "Recorded: commit api-worker/deployed-contracts." : "Nothing changed.");
      break;
    }
    case "version":
      console.log((await readWebContract()).version);
      break;
    default:
      throw new ScriptError("Say what to do: check, record or version.");
  }
});
