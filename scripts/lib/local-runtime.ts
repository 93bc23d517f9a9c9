import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
} from "miniflare";
import {
  type Unstable_ASSETSBindingsOptions,
  unstable_generateASSETSBinding,
  unstable_getMiniflareWorkerOptions,
  unstable_readConfig,
} from "wrangler";
import { runScript, untilAborted } from "./failure.ts";
import { toPattern } from "./pages-routes.ts";
import { fromRoot } from "./paths.ts";
import { storageDir } from "./wrangler.ts";

/**
 * A separate process, started by runtime.ts: serves the bundles as they are deployed, under the
 * local runtime. It watches no files, which wrangler's own commands always do (decision 0027).
 */

/** The process's options, in a JSON file whose path is its only argument. */
export interface RuntimeOptions {
  readonly port: number;
  /** Absolute path of the local storage. */
  readonly stateDir: string;
  /** Absolute path of the worker's configuration. Its secrets are in a `.dev.vars` beside it. */
  readonly workerConfig: string;
  /** Absolute path of the worker's bundle, alone in its folder. */
  readonly workerBundle: string;
  /** Absolute path of the bundled functions of Pages. Without it, the worker itself is served. */
  readonly pagesBundle?: string;
  /** Absolute path of the folder of the web app that Pages serves. By default it is `web`. */
  readonly webDirectory?: string;
  /** Absolute path of the bundle of the web app's worker, which is served in place of Pages. */
  readonly webWorkerBundle?: string;
  /** The port for a debugger. */
  readonly inspectorPort?: number;
  /** How far the worker is from its databases, in milliseconds there and back. */
  readonly databaseTripMs?: number;
  /** The port of a second worker, on the same bundle, databases and objects. */
  readonly secondWorkerPort?: number;
  /** Whether requests can run the worker's cron. */
  readonly withCronTrigger: boolean;
  /** Whether each request gets a line in the output. */
  readonly logRequests: boolean;
}

type Module = Extract<V4WorkerOptions["modules"], readonly unknown[]>[number];

/** Module types by file extension. */
const moduleTypes: Readonly<Record<string, Module["type"]>> = {
  ".js": "ESModule",
  ".wasm": "CompiledWasm",
  ".bin": "Data",
  ".txt": "Text",
};

/** @returns the modules in a bundle's folder, its entry first */
function readModules(bundle: string): Module[] {
  const folder = dirname(bundle);
  const others = readdirSync(folder).filter((name) => name !== basename(bundle));
  return [basename(bundle), ...others].flatMap((name) => {
    const type = moduleTypes[extname(name)];
    return type ? [{ type, path: join(folder, name) }] : [];
  });
}

/** @returns the bindings and flags of a configuration, for Miniflare */
function readWorker(config: string): Omit<V4WorkerOptions, "modules"> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config);
  return { ...workerOptions, name: unstable_readConfig({ config }).name };
}

function configureApi(options: RuntimeOptions): V4WorkerOptions {
  const { workerConfig, workerBundle, databaseTripMs } = options;
  const front = databaseTripMs === undefined ? [] : frontOfWorker(workerBundle, databaseTripMs);
  return {
    ...readWorker(workerConfig),
    modules: [...front, ...readModules(workerBundle)],
    modulesRoot: dirname(workerBundle),
  };
}

/**
 * A second worker beside the first, as a platform runs many: it shares everything that is stored, and
 * nothing in memory.
 */
function configureSecond(api: V4WorkerOptions, port: number): V4WorkerOptions {
  const scriptName = api.name ?? "";
  const objects = Object.entries(api.durableObjects ?? {}).map(([binding, object]) => {
    const { className } = typeof object === "string" ? { className: object } : object;
    return [binding, { className, scriptName }];
  });
  return {
    ...api,
    name: `${scriptName}-second`,
    durableObjects: Object.fromEntries(objects),
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
  };
}

/** @returns modules in front of a worker's bundle that keep its databases away from it */
function frontOfWorker(bundle: string, tripMs: number): Module[] {
  const contents = `
    import worker from "./${basename(bundle)}";
    import { farFromDatabases } from "./far-database.js";
    export * from "./${basename(bundle)}";
    export default farFromDatabases(worker, ${tripMs});`;
  const distance = readFileSync(fromRoot("scripts/lib/far-database.ts"), "utf8");
  const inFolder = (name: string) => join(dirname(bundle), name);
  return [
    { type: "ESModule", path: inFolder("front.js"), contents },
    {
      type: "ESModule",
      path: inFolder("far-database.js"),
      contents: stripTypeScriptTypes(distance),
    },
  ];
}

/**
 * Plays the part of Pages: separates requests for the functions from those for static files, by the
 * rules of _routes.json.
 *
 * @returns the text of a module that runs in front of the functions
 */
function frontOfFunctions(rules: string): string {
  const { include, exclude } = JSON.parse(rules);
  return `
    import functions from "./functions.js";
    const included = ${toPattern(include)};
    const excluded = ${toPattern(exclude)};
    export default {
      fetch(request, env, context) {
        const { pathname } = new URL(request.url);
        const isForFunctions = included.test(pathname) && !excluded.test(pathname);
        return isForFunctions ? functions.fetch(request, env, context) : env.ASSETS.fetch(request);
      },
    };`;
}

async function configurePages(pagesBundle: string, web: string): Promise<V4WorkerOptions> {
  const directory = join(web, "build/client");
  const pages = readWorker(join(web, "wrangler.toml"));
  const rules = readFileSync(join(directory, "_routes.json"), "utf8");
  const log = console as unknown as Unstable_ASSETSBindingsOptions["log"];
  return {
    ...pages,
    modules: [
      { type: "ESModule", path: "/front.js", contents: frontOfFunctions(rules) },
      { type: "ESModule", path: "/functions.js", contents: readFileSync(pagesBundle, "utf8") },
    ],
    modulesRoot: "/",
    serviceBindings: {
      ...(pages.serviceBindings as object | undefined),
      // Pages' own code for static files, which applies _headers. The aborted signal turns off its
      // watch of that file.
      ASSETS: await unstable_generateASSETSBinding({ log, directory, signal: AbortSignal.abort() }),
    },
  };
}

/** The web app as a worker, whose static files the runtime serves as the platform does. */
function configureWebWorker(bundle: string): V4WorkerOptions {
  return {
    ...readWorker(fromRoot("web/wrangler.worker.toml")),
    modules: readModules(bundle),
    modulesRoot: dirname(bundle),
  };
}

/** @returns the web app; none when the worker itself is served */
async function configureWeb(options: RuntimeOptions): Promise<V4WorkerOptions[]> {
  const { pagesBundle, webWorkerBundle, webDirectory = fromRoot("web") } = options;
  if (webWorkerBundle) return [configureWebWorker(webWorkerBundle)];
  return pagesBundle ? [await configurePages(pagesBundle, webDirectory)] : [];
}

await runScript(async (ending) => {
  const options: RuntimeOptions = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
  const { port, stateDir, inspectorPort, withCronTrigger, logRequests } = options;
  const web = await configureWeb(options);
  const api = configureApi(options);
  const { secondWorkerPort } = options;
  const second = secondWorkerPort === undefined ? [] : [configureSecond(api, secondWorkerPort)];
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port,
      ...(inspectorPort !== undefined && { inspectorPort }),
      log: new Log(logRequests ? LogLevel.INFO : LogLevel.WARN),
      logRequests,
      unsafeTriggerHandlers: withCronTrigger,
      resourcePersistencePath: storageDir(stateDir),
      resourceTmpPath: join(stateDir, "tmp"),
      // The first worker is the one that listens.
      workers: [...web, api, ...second],
    }),
  );
  try {
    await runtime.ready;
    await untilAborted(ending);
  } finally {
    await runtime.dispose();
  }
});
