/** What a backup is read from and a restore writes to: local storage, or an environment on Cloudflare. */

export type SqlValue = string | number | null;

export interface Statement {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
}

export type Row = Readonly<Record<string, SqlValue>>;

export interface StoredDatabase {
  /** Its first binding, such as `HOME`. */
  readonly name: string;
  /**
   * Runs statements in order.
   *
   * @returns the rows of each statement
   * @throws {ScriptError} with the database's words, when one fails
   */
  run(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
}

/** What an object has beside its bytes. Empty values are left out. */
export interface ObjectMetadata {
  readonly http: Readonly<Record<string, string>>;
  readonly custom: Readonly<Record<string, string>>;
}

export interface ListedObject extends ObjectMetadata {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

export interface Bucket {
  /**
   * Lists a page of objects in the order of their keys' bytes.
   *
   * @param cursor of the page before; null for the first page
   */
  list(
    prefix: string,
    cursor: string | null,
  ): Promise<{ readonly objects: readonly ListedObject[]; readonly cursor: string | null }>;
  /** @returns null when there is no such object */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Writes an object, which is replaced. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>, metadata: ObjectMetadata): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface Storage {
  /** Names the place, so that a backup is not continued from another one. */
  readonly place: string;
  /** Each once, also when several bindings name it. */
  readonly databases: readonly StoredDatabase[];
  readonly bucket: Bucket;
  close(): Promise<void>;
}

/** Yields all objects of a bucket, in the order of their keys' bytes. */
export async function* listObjects(bucket: Bucket, prefix = ""): AsyncGenerator<ListedObject> {
  let cursor: string | null = null;
  do {
    const page = await bucket.list(prefix, cursor);
    yield* page.objects;
    ({ cursor } = page);
  } while (cursor !== null);
}

/** Logs of finished turns, which the worker keeps for a day only. They belong in no backup. */
const passingPrefix = "streams/";

/** Yields the objects of a bucket that are kept for longer than a day. */
export async function* listLasting(bucket: Bucket): AsyncGenerator<ListedObject> {
  for await (const object of listObjects(bucket)) {
    if (!object.key.startsWith(passingPrefix)) yield object;
  }
}

/** Fields of metadata that have a value, times as texts. */
export function textsOf(
  fields: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).flatMap(([name, value]) => {
      const text = value instanceof Date ? value.toISOString() : value;
      return typeof text === "string" && text !== "" ? [[name, text]] : [];
    }),
  );
}

/**
 * Leaves out a media type that says nothing. Cloudflare's API gives it to every object that is written
 * without one, so with it such an object would come back changed.
 */
export function meaningfulHttp(http: Readonly<Record<string, string>>): Record<string, string> {
  const { contentType, ...others } = http;
  const isTyped = contentType !== undefined && contentType !== "application/octet-stream";
  return isTyped ? { contentType, ...others } : others;
}

/** Metadata as text, in which the same metadata always looks the same. */
export function metadataText(metadata: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(metadata).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

/** The reverse of {@link metadataText}. */
export function parseMetadata(text: string): Record<string, string> {
  return Object.fromEntries(JSON.parse(text) as [string, string][]);
}

/** Groups bindings by the database that they name. */
export function groupBindings(
  databases: readonly { readonly binding: string; readonly database_id: string }[],
): { readonly name: string; readonly databaseId: string }[] {
  const names = new Map<string, string>();
  for (const { binding, database_id } of databases) {
    if (!names.has(database_id)) names.set(database_id, binding);
  }
  return [...names].map(([databaseId, name]) => ({ name, databaseId }));
}
