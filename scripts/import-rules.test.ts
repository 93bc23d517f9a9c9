import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commandFiles, fromRoot, nodePath } from "./lib/paths.ts";

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/**
 * Lints files in a temporary folder, under the project's configuration.
 *
 * @param files text by path, relative to the top folder
 */
function lint(files: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const directory = mkdtempSync(join(tmpdir(), "import-rules-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const configuration = JSON.parse(readFileSync(fromRoot("biome.json"), "utf8"));
  const withoutGit = { ...configuration, $schema: undefined, vcs: undefined };
  const all = new Map([...files, ["biome.json", JSON.stringify(withoutGit)]]);
  for (const [name, text] of all) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const { stdout, stderr } = spawnSync(
    nodePath,
    [commandFiles.biome, "lint", "--reporter=json", "--max-diagnostics=none"],
    { cwd: directory, encoding: "utf8" },
  );
  const start = stdout.indexOf("{");
  if (start < 0) throw new Error(`Biome gave no report:\n${stderr}`);
  return JSON.parse(stdout.slice(start)).diagnostics;
}

type Case = readonly [file: string, statement: string];

/** @returns the imports that Biome rejects as restricted */
function findRefused(cases: readonly Case[]): readonly Case[] {
  const files = new Map<string, Case[]>();
  for (const item of cases) files.set(item[0], [...(files.get(item[0]) ?? []), item]);
  // One import per line, so that a diagnostic's line identifies it.
  const texts = [...files].map(
    ([file, items]) => [file, items.map(([, statement]) => `${statement}\n`).join("")] as const,
  );
  const lines = new Set(
    lint(new Map(texts))
      .filter(({ category }) => category === "lint/style/noRestrictedImports")
      .map(({ location }) => `${location.path}:${location.start.line}`),
  );
  return cases.filter(([file, statement]) => {
    const line = (files.get(file) ?? []).findIndex((item) => item[1] === statement) + 1;
    return lines.has(`${file}:${line}`);
  });
}

const forbidden: readonly Case[] = [
  ["web/app/routes/x.tsx", 'import { appRouter } from "api-worker";'],
  ["web/app/routes/x.tsx", 'import * as worker from "api-worker";'],
  ["web/app/routes/x.tsx", 'import { secret } from "api-worker/src/errors.ts";'],
  ["web/app/routes/x.tsx", 'import { fail } from "../../../api-worker/src/errors.ts";'],
  ["web/app/routes/x.tsx", 'import { createDb } from "db";'],
  ["web/app/routes/x.tsx", 'import type { UserRow } from "db";'],
  ["web/app/routes/x.tsx", 'import { createDb } from "../../../db/src/index.ts";'],
  ["web/app/routes/x.tsx", 'import { Kysely } from "kysely";'],
  ["web/functions/x.ts", 'import { D1Dialect } from "kysely-d1";'],
  ["web/app/features/chats/x.test.ts", 'import { createDb } from "db";'],
  ["api-worker/src/contracts/x.ts", 'import { newId } from "../platform/ids.ts";'],
  ["api-worker/src/contracts/x.ts", 'import { generateText } from "ai";'],
  ["api-worker/src/contracts/x.ts", 'import { Kysely } from "kysely";'],
  ["api-worker/src/ai/x.ts", 'import { createDb } from "db";'],
  ["api-worker/src/ai/x.ts", 'import { listChats } from "../features/chats/queries.ts";'],
  ["api-worker/src/ai/tools/x.ts", 'import { getChat } from "../../features/chats/access.ts";'],
  ["api-worker/src/ai/tools/x.ts", 'import type { Context } from "../../context.ts";'],
  ["api-worker/src/ai/x.ts", 'import { createLogger } from "../platform/log.ts";'],
  ["api-worker/src/features/votes/x.ts", 'import { listChats } from "../chats/queries.ts";'],
  ["api-worker/src/features/votes/x.ts", 'import { chatsRouter } from "../chats/router.ts";'],
  ["api-worker/src/features/a/b/x.ts", 'import { listChats } from "../../chats/queries.ts";'],
  ["api-worker/src/context.ts", 'import { listChats } from "./features/chats/queries.ts";'],
  ["api-worker/src/context.ts", 'import { ChatObject } from "./features/messages/chat.do.ts";'],
  ["api-worker/src/features/messages/x.ts", 'import { ChatObject } from "./chat.do.ts";'],
  ["api-worker/src/platform/x.ts", 'import { ChatObject } from "../features/messages/chat.do.ts";'],
  ["api-worker/src/platform/x.ts", 'import { chatAccess } from "../features/chats/access.ts";'],
  ["api-worker/src/router.ts", 'import { listChats } from "./features/chats/queries.ts";'],
  ["db/src/x.ts", 'import { z } from "zod";'],
  ["db/src/x.ts", 'import { newId } from "../../api-worker/src/platform/ids.ts";'],
];

test("every forbidden import is rejected", () => {
  expect(findRefused(forbidden)).toEqual(forbidden);
});

const allowed: readonly Case[] = [
  ["web/app/routes/x.tsx", 'import type { AppRouter } from "api-worker";'],
  ["web/app/routes/x.tsx", 'import type { RouterInputs, RouterOutputs } from "api-worker";'],
  ["web/app/routes/x.tsx", 'import { limits } from "api-worker/contracts";'],
  ["web/app/routes/x.tsx", 'import { limits } from "api-worker/contracts/limits";'],
  ["api-worker/src/contracts/x.ts", 'import { z } from "zod";'],
  ["api-worker/src/contracts/x.ts", 'import { limits } from "./limits.ts";'],
  ["api-worker/src/ai/tools/x.ts", 'import { limits } from "../../contracts/limits.ts";'],
  ["api-worker/src/ai/x.ts", 'import { streamText } from "ai";'],
  ["api-worker/src/features/votes/x.ts", 'import { chatAccess } from "../chats/access.ts";'],
  ["api-worker/src/features/votes/x.ts", 'import { setVote } from "./queries.ts";'],
  ["api-worker/src/features/votes/x.ts", 'import { createDb } from "db";'],
  ["api-worker/src/index.ts", 'export { ChatObject } from "./features/messages/chat.do.ts";'],
  ["api-worker/src/router.ts", 'import { chatsRouter } from "./features/chats/router.ts";'],
  ["db/src/x.ts", 'import { Kysely } from "kysely";'],
  ["db/src/x.ts", 'import { createDb } from "./client.ts";'],
];

test("the imports that each part needs are accepted", () => {
  expect(findRefused(allowed)).toEqual([]);
});

test.each([
  ["files", 'import { one } from "./one.ts";\nexport const two = () => one;\n'],
  ["types", 'import type { One } from "./one.ts";\nexport const two = (one: One) => one;\n'],
])("%s that import each other in a circle are rejected", (_, two) => {
  const one =
    'import { two } from "./two.ts";\nexport const one = () => two;\nexport type One = 1;\n';
  const diagnostics = lint(
    new Map([
      ["web/app/one.ts", one],
      ["web/app/two.ts", two],
    ]),
  );
  expect(diagnostics.map(({ category }) => category)).toContain("lint/suspicious/noImportCycles");
});
