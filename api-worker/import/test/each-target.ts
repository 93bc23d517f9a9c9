import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import type { Target } from "../model.ts";
import { openRemoteTarget } from "../target/remote.ts";
import type { PaceClock } from "../target/request-pace.ts";
import { type ApiStandIn, startApiStandIn } from "./cloudflare-api.ts";
import { migrate, openTestTarget, type TestTarget } from "./local-target.ts";

export interface RemoteTestTarget extends TestTarget {
  readonly api: ApiStandIn;
}

/**
 * Opens the remote target on a stand-in of Cloudflare's API, with databases of their own. Pauses
 * between attempts take no time.
 */
export async function openRemoteTestTarget({
  isDivided = false,
}: {
  readonly isDivided?: boolean;
} = {}): Promise<RemoteTestTarget> {
  const bindings = inject("bindings");
  const databaseIds = isDivided
    ? { ...bindings.databaseIds, home: "00000000-0000-4000-8000-00000000d1d1" }
    : bindings.databaseIds;
  const stateDir = await mkdtemp(join(tmpdir(), "import-remote-"));
  if (isDivided) await migrate(stateDir, { ...bindings, databaseIds });
  else await cp(inject("emptyStorage"), stateDir, { recursive: true });
  const storageDir = join(stateDir, "v3");
  const api = await startApiStandIn({ ...bindings, databaseIds, storageDir });
  const target = await openRemoteTarget({
    accountId: api.accountId,
    token: api.token,
    databaseIds,
    bucket: api.bucket,
    migrateCommand: "db:migrate --remote",
    apiUrl: api.url,
    clock: skippingClock(),
    timeoutMs: 20_000,
  });
  return {
    target,
    stateDir,
    api,
    async close() {
      await target.close();
      await api.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Time that passes only where something waits for it. */
function skippingClock(): PaceClock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
}

/** The kinds of target: on this machine, in the account, and with home and content divided. */
export const eachTarget: readonly [string, () => Promise<TestTarget>][] = [
  ["local", openTestTarget],
  ["remote", () => openRemoteTestTarget()],
  ["remote, divided", () => openRemoteTestTarget({ isDivided: true })],
];

/** Empties a target's databases, so that a test file needs one only. */
export async function emptyTarget(target: Target): Promise<void> {
  const tables = {
    content: [
      ...["votes", "messageFiles", "documentFiles", "suggestions", "documentVersions", "documents"],
      ...["messages", "chats", "uploads", "usageDays", "preferences", "openStreams", "contentUse"],
      "searchChanges",
    ],
    home: ["publicChats", "users"],
  } as const;
  for (const database of ["content", "home"] as const) {
    await target.batch(
      database,
      tables[database].map((table) => ({ sql: `DELETE FROM ${table}`, params: [] })),
    );
  }
  const ledger = ["importRows", "importGroups"];
  await target.batch(
    "content",
    ledger.map((table) => ({ sql: `DROP TABLE IF EXISTS ${table}`, params: [] })),
  );
}
