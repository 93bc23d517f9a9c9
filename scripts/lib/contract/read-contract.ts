import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { fromRoot } from "../paths.ts";
import type { Contract, Procedure, WebContract } from "./contract.ts";

/** Modules of the worker's runtime, which Node lacks. The router's schemas need nothing of them. */
const runtimeModule = `data:text/javascript,
  export class DurableObject {}
  export const env = {};
  export const waitUntil = () => {};`;

interface RouterContract {
  contractOf(router: unknown): Record<string, Procedure>;
  versionOfContract(procedures: Record<string, Procedure>): string;
}

let reading: Promise<Contract> | undefined;
let readingWeb: Promise<WebContract> | undefined;

/**
 * Reads the contract of this checkout from the worker's router and its objects' types. Takes some
 * seconds, and is read once.
 */
export function readContract(): Promise<Contract> {
  reading ??= read();
  return reading;
}

/** Reads the part of the contract that the web app has to do with, which takes no compiler. */
export function readWebContract(): Promise<WebContract> {
  readingWeb ??= readRouter();
  return readingWeb;
}

async function read(): Promise<Contract> {
  // Only here, because the compiler takes a second to load.
  const { readObjectCalls } = await import("./read-objects.ts");
  const objects = readObjectCalls({
    entry: fromRoot("api-worker/src/index.ts"),
    wires: fromRoot("api-worker/src/object-wires.ts"),
    tsconfig: fromRoot("api-worker/tsconfig.json"),
  });
  return { ...(await readWebContract()), objects };
}

async function readRouter(): Promise<WebContract> {
  // Not imported by name, because the worker's types are not those of scripts.
  const { contractOf, versionOfContract } = (await importOfWorker(
    "router-contract.ts",
  )) as RouterContract;
  const { appRouter } = (await importOfWorker("router.ts")) as { appRouter: unknown };
  const procedures = contractOf(appRouter);
  return { version: versionOfContract(procedures), procedures };
}

let isHooked = false;

/**
 * Imports a module of the worker here, in Node, for what in it needs no binding.
 *
 * @param file relative to the folder of the worker's sources
 */
export function importOfWorker(file: string): Promise<unknown> {
  if (!isHooked) {
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier.startsWith("cloudflare:")
          ? { url: runtimeModule, shortCircuit: true }
          : next(specifier, context),
    });
    isHooked = true;
  }
  return import(pathToFileURL(fromRoot("api-worker/src", file)).href);
}
