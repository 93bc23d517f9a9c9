import { existsSync } from "node:fs";
import { runScript, ScriptError, untilAborted } from "./lib/failure.ts";
import { isFromApi, isPage, waitForAnswer } from "./lib/http.ts";
import { servicePrinter } from "./lib/output.ts";
import { fromRoot, rootDir } from "./lib/paths.ts";
import { requireFreePort } from "./lib/ports.ts";
import { type Service, startService } from "./lib/processes.ts";
import { readSettings, readWorkerVars, type Settings } from "./lib/settings.ts";
import { localWranglerEnv, migrateLocally, writeEnvFile } from "./lib/wrangler.ts";

// Starts the API worker and the web app's development server together, both with hot reload.

await runScript(async (ending) => {
  const settings = readSettings();
  await requireFreePort(settings.webPort, "WEB_PORT");
  await requireFreePort(settings.apiPort, "API_PORT");
  console.log("Bringing the local database up to date …");
  await migrateLocally(settings.stateDir);
  if (ending.aborted) return;

  console.log("Starting the API worker and the web app …");
  const services = [startApi(settings), startWeb(settings)] as const;
  const [api, web] = services;
  try {
    const url = `http://localhost:${settings.webPort}`;
    const ready = Promise.all([
      waitForAnswer(`http://127.0.0.1:${settings.apiPort}/`, api, isFromApi),
      waitForAnswer(`http://127.0.0.1:${settings.webPort}/login`, web, isPage),
    ]).then(() => console.log(`\nAlleato Chat is ready: ${url}\nPress Ctrl-C to end.\n`));
    await untilEnd(services, ready, ending);
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
});

/** Waits until the user ends the stack, or a part of it fails. */
async function untilEnd(
  services: readonly Service[],
  ready: Promise<void>,
  ending: AbortSignal,
): Promise<void> {
  const lost = services.map(async (service) => {
    await service.ended;
    if (!ending.aborted)
      throw new ScriptError(`${service.name} ended unexpectedly. Stopping everything.`);
  });
  // A failed start ends the wait; a successful one does not.
  const failed = ready.then(() => new Promise<never>(() => {}));
  // Handles the promises that lose the race too, so that none is reported as an unhandled
  // rejection.
  for (const promise of [failed, ...lost]) promise.catch(() => {});
  await Promise.race([untilAborted(ending), failed, ...lost]);
}

function startApi({ apiPort, stateDir }: Settings): Service {
  const secrets = fromRoot(".dev.vars");
  const fromEnvironment = writeEnvFile(stateDir, "dev.env", readWorkerVars());
  const args = [
    "dev",
    ...["--ip", "127.0.0.1", "--port", String(apiPort), "--inspector-port", "0"],
    ...["--persist-to", stateDir, "--show-interactive-dev-session=false"],
    // The later file wins. Naming any file replaces the default, .dev.vars.
    ...(existsSync(secrets) ? ["--env-file", secrets] : []),
    ...["--env-file", fromEnvironment],
  ];
  return startService({
    name: "API worker",
    command: "wrangler",
    args,
    cwd: rootDir,
    env: localWranglerEnv(stateDir),
    onLine: servicePrinter("api"),
  });
}

function startWeb({ webPort, apiPort }: Settings): Service {
  return startService({
    name: "Web app",
    command: "reactRouter",
    args: ["dev"],
    cwd: fromRoot("web"),
    env: { ...process.env, WEB_PORT: String(webPort), API_PORT: String(apiPort) },
    onLine: servicePrinter("web"),
  });
}
