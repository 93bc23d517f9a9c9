import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import type { DatabaseName, Target } from "../model.ts";
import { rootDir } from "../root-dir.ts";
import { openLocalTarget, type ProductBindings } from "../target/local.ts";
import { startLocalRuntime } from "../target/local-runtime.ts";

export interface TestTarget {
  readonly target: Target;
  /** Absolute path of the local storage. */
  readonly stateDir: string;
  close(): Promise<void>;
}

/** Opens the local target on an empty database of its own, with the product's migrations applied. */
export async function openTestTarget(): Promise<TestTarget> {
  const stateDir = await mkdtemp(join(tmpdir(), "import-target-"));
  await cp(inject("emptyStorage"), stateDir, { recursive: true });
  const target = await openLocalTarget({ stateDir, bindings: inject("bindings") });
  return {
    target,
    stateDir,
    async close() {
      await target.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Applies the migrations, as wrangler does: with the names of their files in a table. */
export async function migrate(stateDir: string, bindings: ProductBindings): Promise<void> {
  const storageDir = join(stateDir, "v3");
  const runtime = await startLocalRuntime({ ...bindings, storageDir });
  try {
    for (const database of ["home", "content"] as const) {
      await runtime.run(database, await migrationStatements(database));
    }
  } finally {
    await runtime.close();
  }
}

/** The statements of a database's migrations, in order. */
export async function migrationStatements(database: DatabaseName) {
  const directory = join(rootDir, "db/migrations", database);
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  const table = `migrations_${database}`;
  const statements = [`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, name TEXT UNIQUE)`];
  for (const name of names) {
    statements.push(...splitStatements(await readFile(join(directory, name), "utf8")));
    statements.push(`INSERT INTO ${table} (name) VALUES ('${name}')`);
  }
  return statements.map((sql) => ({ sql, params: [] }));
}

/** A trigger is one line with several semicolons; of all others the semicolon ends a line. */
function splitStatements(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*--/.test(line));
  return lines
    .join("\n")
    .split(/;$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
