import { parseArgs } from "node:util";
import { readEnvironment } from "./lib/cloudflare/branch.ts";
import { openSession } from "./lib/cloudflare/login.ts";
import { runScript, ScriptError } from "./lib/failure.ts";
import { type FillResult, fillPackages, readPackageList } from "./lib/python-packages.ts";
import { openCloudBucket, openLocalBucket } from "./lib/r2.ts";
import { readSettings } from "./lib/settings.ts";

// <folder> [--remote [--env staging]]

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { remote: { type: "boolean", default: false }, env: { type: "string" } },
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) {
    throw new ScriptError(
      "Name the folder with the packages: python:packages <folder> [--remote [--env staging]].",
    );
  }
  const bucket = await openBucket(values);
  const print = (line: string) => console.log(line);
  try {
    const result = await fillPackages({ folder, list: readPackageList(), bucket, print });
    print(summaryOf(result));
    if (result.refused.length > 0 || result.missing.length > 0) process.exitCode = 1;
  } finally {
    await bucket.close();
  }
});

async function openBucket({ remote, env }: { remote: boolean; env?: string | undefined }) {
  if (remote) return openCloudBucket(await openSession(readEnvironment(env)));
  if (env !== undefined) throw new ScriptError("--env goes with --remote.");
  return await openLocalBucket(readSettings().stateDir);
}

function summaryOf({ uploaded, kept, refused, missing }: FillResult): string {
  const counts = `${uploaded.length} uploaded, ${kept.length} already there, ${refused.length} refused, ${missing.length} missing.`;
  if (missing.length === 0) return counts;
  return `${counts} Packages that need a missing one cannot be imported. Put it into the folder and run this again.`;
}
