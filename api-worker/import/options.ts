/** The command line of `pnpm import:vercel`. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export const usage = `Usage: pnpm import:vercel --from <postgres url> --to local|remote

  --from <url>         the old database; or the environment's POSTGRES_URL
  --to local|remote    this machine's storage, or your Cloudflare account
  --env production|staging
                       which environment of the account (production)
  --blob copy|link|skip
                       copy files to R2 (the default), leave links to them, or leave them out
  --blob-host <host>   a further host that files may be copied from; can be repeated
  --since <time>       only what was made since then; deletes nothing
  --zone <zone>        the zone of times without one (UTC unless you changed the template)
  --schema <name>      the schema of the tables (public)
  --dry-run            reads and converts everything, writes nothing
  --verify-only        compares, writes nothing
  --verify-files source|recorded
                       compare files with the old store (the default), or with the
                       sums that were recorded when they were copied
  --report <folder>    for report.json and report.html (import-report)
  --yes                writes to the account without asking`;

export type BlobMode = "copy" | "link" | "skip";

export interface ImportOptions {
  /** A `postgres:` address, with its password. Never printed. */
  readonly from: string;
  readonly to: "local" | "remote";
  /** Of the account. */
  readonly environment: "production" | "staging";
  readonly blob: BlobMode;
  /** Hosts of the old file store, with `*.` for any name below. */
  readonly blobHosts: readonly string[];
  /** Epoch milliseconds; null for everything. */
  readonly since: number | null;
  /** An IANA name. */
  readonly zone: string;
  readonly schema: string;
  readonly run: "import" | "dry-run" | "verify-only";
  readonly verifyFiles: "source" | "recorded";
  /** Absolute path of the folder for the reports. */
  readonly reportDir: string;
  readonly isConfirmed: boolean;
}

/** A command line that cannot be followed. Its message is for the person who wrote it. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Where Vercel Blob serves public files. */
const vercelBlobHost = "*.public.blob.vercel-storage.com";

/**
 * Reads the command line.
 *
 * @returns null when help was asked for
 * @throws UsageError that says what is wrong
 */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ImportOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const from = values.from ?? environment.POSTGRES_URL;
  if (!from) throw new UsageError("Say where the old database is: --from <postgres url>.");
  if (!isPostgresUrl(from)) {
    throw new UsageError("--from takes an address such as postgres://user:password@host/database.");
  }
  if (values["dry-run"] && values["verify-only"]) {
    throw new UsageError("--dry-run and --verify-only exclude each other.");
  }
  return {
    from,
    to: oneOf("to", values.to, ["local", "remote"]),
    environment: oneOf("env", values.env, ["production", "staging"]),
    blob: oneOf("blob", values.blob, ["copy", "link", "skip"]),
    blobHosts: [vercelBlobHost, ...(values["blob-host"] ?? []).map(readHost)],
    since: values.since === undefined ? null : readTime(values.since),
    zone: readZone(values.zone),
    schema: values.schema,
    run: values["dry-run"] ? "dry-run" : values["verify-only"] ? "verify-only" : "import",
    verifyFiles: oneOf("verify-files", values["verify-files"], ["source", "recorded"]),
    reportDir: resolve(values.report),
    isConfirmed: values.yes,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        from: { type: "string" },
        to: { type: "string" },
        env: { type: "string", default: "production" },
        blob: { type: "string", default: "copy" },
        "blob-host": { type: "string", multiple: true },
        since: { type: "string" },
        zone: { type: "string", default: "UTC" },
        schema: { type: "string", default: "public" },
        "dry-run": { type: "boolean", default: false },
        "verify-only": { type: "boolean", default: false },
        "verify-files": { type: "string", default: "source" },
        report: { type: "string", default: "import-report" },
        yes: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<const Choice extends string>(
  name: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((item) => item === value);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${name} takes ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}.`);
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ["postgres:", "postgresql:"].includes(new URL(text).protocol);
}

/** A host's name, perhaps with a port, perhaps after `*.`: not an address, and not all hosts. */
function readHost(text: string): string {
  const host = text.toLowerCase();
  const isHost = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/.test(host);
  const isBroad = /^\*\.[^.]+$/.test(host);
  if (isHost && !isBroad) return host;
  throw new UsageError(
    `--blob-host takes the name of a host, such as files.example.com, not ${text}.`,
  );
}

function readTime(text: string): number {
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = Date.parse(hasZone || isDay ? text : `${text}Z`);
  if (/^\d{4}-/.test(text) && Number.isFinite(time)) return time;
  throw new UsageError("--since takes a time such as 2026-11-01 or 2026-11-01T08:00:00Z.");
}

function readZone(text: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`--zone takes the name of a zone, such as Europe/Berlin, not ${text}.`);
  }
}
