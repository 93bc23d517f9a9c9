import { resolve } from "node:path";
import { ScriptError } from "./failure.ts";
import { rootDir } from "./paths.ts";

/** The settings of a local stack that the environment can change. */
export interface Settings {
  readonly webPort: number;
  readonly apiPort: number;
  /** Absolute path of the local storage: databases, files, objects. */
  readonly stateDir: string;
}

/**
 * Reads WEB_PORT (5173), API_PORT (8787) and STATE_DIR (`.wrangler/state`).
 *
 * @throws {ScriptError} when a port is no port number, or both are the same
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const webPort = readPort("WEB_PORT", environment.WEB_PORT, 5173);
  const apiPort = readPort("API_PORT", environment.API_PORT, 8787);
  if (webPort === apiPort) {
    throw new ScriptError(`WEB_PORT and API_PORT are both ${webPort}: they must differ.`);
  }
  return {
    webPort,
    apiPort,
    stateDir: resolve(rootDir, environment.STATE_DIR || ".wrangler/state"),
  };
}

function readPort(name: string, value: string | undefined, fallback: number): number {
  if (!value) return fallback;
  const port = Number(value);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new ScriptError(`${name} is "${value}", but must be a port number from 1 to 65535.`);
}

/** The worker's settings and secrets that are passed on from the environment. */
const workerSettings = [
  "ADMIN_CHAT_ACCESS",
  "ADMIN_EMAILS",
  "ANSWER_MAX_BYTES",
  "ANSWER_IDLE_SECONDS",
  "ANSWER_MAX_SECONDS",
  "DEMO_TOKENS_PER_SECOND",
  "FLUSHES_PER_SECOND",
  "GOOGLE_GENERATIVE_AI_API_KEY",
  "GOOGLE_GENERATIVE_AI_BASE_URL",
  "GUESTS",
  "MODEL_PRICES",
  "OPEN_STREAM_WAIT_SECONDS",
  "PROVIDER_STALL_SECONDS",
  "SIGNUP",
  "SIGNUP_DOMAINS",
  "SITE_TOKENS_PER_DAY",
  "TURNSTILE_SECRET",
  "TURNSTILE_SITE_KEY",
  "TURNSTILE_URL",
  "VAPID_PRIVATE_KEY",
  "VAPID_PUBLIC_KEY",
  "VAPID_SUBJECT",
  "WEATHER_API_URL",
  "WEATHER_GEOCODING_URL",
] as const;

export type WorkerVars = { readonly [name in (typeof workerSettings)[number]]?: string };

/** Reads the worker's settings from the environment; unset ones are left out. */
export function readWorkerVars(environment: NodeJS.ProcessEnv = process.env): WorkerVars {
  return Object.fromEntries(
    workerSettings.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
