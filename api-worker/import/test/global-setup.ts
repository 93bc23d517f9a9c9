import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type ProductBindings, readBindings } from "../target/local.ts";
import { migrate } from "./local-target.ts";
import { startPostgresServer } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Absolute path of a local storage with the product's migrations and nothing else. */
    emptyStorage: string;
    bindings: ProductBindings;
  }
}

/** Starts the database server, and makes a migrated storage, of which each test has a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "import-storage-"));
  const starting = startPostgresServer();
  const bindings = await readBindings();
  await migrate(directory, bindings);
  const postgres = await starting;
  project.provide("emptyStorage", directory);
  project.provide("bindings", bindings);
  project.provide("postgresUrl", postgres.url);
  return async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
