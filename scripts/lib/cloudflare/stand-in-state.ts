import type { DatabaseSync } from "node:sqlite";

/** What the account of the stand-in holds. Tests read it and may change it. */
export interface StandInState {
  hasR2: boolean;
  subdomain: string | null;
  readonly databases: Map<
    string,
    {
      readonly name: string;
      readonly sqlite: DatabaseSync;
      bookmark: number;
      outcome?: unknown;
      /** Bookmarks that it was restored to. */
      readonly rewinds: string[];
    }
  >;
  readonly buckets: Set<string>;
  /** Content by `<bucket>/<key>`. */
  readonly objects: Map<string, Buffer>;
  /** Media types of objects, by the same. */
  readonly types: Map<string, string>;
  /** Titles by id. */
  readonly namespaces: Map<string, string>;
  readonly projects: Map<string, StandInProject>;
  readonly workers: Map<string, StandInWorker>;
  /** Paths of static files that a worker was deployed with, by its name. */
  readonly assets: Map<string, readonly string[]>;
  /** Files for D1 by MD5. */
  readonly uploads: Map<string, string>;
  url: string;
}

export interface StandInProject {
  readonly name: string;
  readonly production_branch: string;
  /** The fields of each deployment's form. */
  readonly deployments: Record<string, string>[];
  /** Deployments that were brought back. */
  readonly rollbacks: string[];
}

export interface StandInWorker {
  /** What wrangler wrote about the worker at each deployment. */
  readonly uploads: {
    readonly bindings: readonly Record<string, unknown>[];
    readonly migrations?: unknown;
    readonly annotations?: Record<string, string>;
    readonly assets?: { readonly config?: Record<string, unknown> };
  }[];
  /** The share of requests that each deployment gave to versions: `v1` is that of the first upload. */
  readonly deployments: Readonly<Record<string, number>>[];
  crons: unknown;
  /** Whether the worker has an address of its own. */
  hasAddress?: boolean;
}

export interface Reply {
  readonly status: number;
  /** JSON, or the content of an object. */
  readonly body: unknown;
}

export function reply(result: unknown): Reply {
  return { status: 200, body: { success: true, errors: [], messages: [], result } };
}

export function refuse(status: number, code: number, message: string): Reply {
  return {
    status,
    body: { success: false, errors: [{ code, message }], messages: [], result: null },
  };
}
