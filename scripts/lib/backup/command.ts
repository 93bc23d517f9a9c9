import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readEnvironment } from "../cloudflare/branch.ts";
import { openSession, type Session } from "../cloudflare/login.ts";
import { requireResources } from "../cloudflare/target.ts";
import { confirm } from "../confirm.ts";
import { ScriptError } from "../failure.ts";
import { readSettings } from "../settings.ts";
import { openCloudBucket, openCloudStorage } from "./cloud-storage.ts";
import { createBackup } from "./create-backup.ts";
import { downloadFolder, uploadFolder } from "./folder-in-bucket.ts";
import { openLocalStorage } from "./local-storage.ts";
import { hasWholeBackup, readManifest, verifyBackup } from "./manifest.ts";
import { restoreBackup } from "./restore-backup.ts";
import type { Storage } from "./storage.ts";

/**
 * Makes, verifies or restores a backup.
 *
 * @param args `create <folder>`, `verify <folder>`, or `restore <folder> [--replace [--yes]]`, all with
 *   `[--remote [--env staging]]` and, with `--remote`, `[--bucket <name>]`
 * @throws {ScriptError} when something is missing, refused, or not as it should be
 */
export async function runBackupCommand(
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      remote: { type: "boolean", default: false },
      env: { type: "string" },
      bucket: { type: "string" },
      replace: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
    },
  });
  const [task, name] = positionals;
  if (name === undefined) throw new ScriptError("Name the folder of the backup.");
  if (!values.remote && (values.env !== undefined || values.bucket !== undefined)) {
    throw new ScriptError("--env and --bucket go with --remote.");
  }
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), name);
  const session = values.remote ? await openSession(readEnvironment(values.env)) : undefined;
  const bucket = openBackupBucket(session, values.bucket);
  switch (task) {
    case "create":
      await withStorage(session, async (storage) => {
        // Only the copy in the bucket may be missing.
        if (bucket && hasWholeBackup(folder, storage.place)) return;
        await createBackup(storage, folder, print);
      });
      if (bucket) await uploadFolder(bucket, basename(folder), folder);
      print(`The backup is in ${folder}${bucket ? ` and in the bucket ${values.bucket}` : ""}.`);
      break;
    case "verify":
      await verifyBackup(folder);
      print(`The backup in ${folder} is as it was written at ${readManifest(folder).endedAt}.`);
      break;
    case "restore":
      if (bucket) await downloadFolder(bucket, basename(folder), folder);
      await withStorage(session, (storage) =>
        restoreBackup(storage, folder, {
          print,
          ...(values.replace && { confirmReplacing: askToReplace(values.yes) }),
        }),
      );
      print(
        "Now apply newer migrations with db:migrate, and build the search with search:rebuild.",
      );
      break;
    default:
      throw new ScriptError("Say what to do: create, verify or restore.");
  }
}

/** The bucket that a backup is copied to and from. */
function openBackupBucket(session: Session | undefined, name: string | undefined) {
  if (!session || name === undefined) return undefined;
  if (name === requireResources(session.target).bucketName) {
    throw new ScriptError(`${name} is the product’s own bucket. A backup belongs in another one.`);
  }
  return openCloudBucket(session, name);
}

async function withStorage<Result>(
  session: Session | undefined,
  use: (storage: Storage) => Promise<Result>,
): Promise<Result> {
  const storage = session
    ? openCloudStorage(session)
    : await openLocalStorage(readSettings().stateDir);
  try {
    return await use(storage);
  } finally {
    await storage.close();
  }
}

const askToReplace = (isYes: boolean) => async (what: string) => {
  if (!isYes) await confirm(`${what} Delete it, and restore the backup?`);
};
