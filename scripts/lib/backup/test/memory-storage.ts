import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { readMigrations, runMigrations } from "../../migration-files.ts";
import type { ListedObject, ObjectMetadata, Storage } from "../storage.ts";

/** A storage in this process, for tests of what a backup and a restore decide. */
export interface MemoryStorage extends Storage {
  readonly sqlite: DatabaseSync;
  readonly objects: Map<string, ObjectMetadata & { readonly bytes: Uint8Array<ArrayBuffer> }>;
}

/** Objects of a page of the list: few, so that tests meet several pages. */
const pageLength = 2;

/** Makes an empty storage: one database without tables, and a bucket. */
export function memoryStorage(place = "memory"): MemoryStorage {
  const sqlite = new DatabaseSync(":memory:");
  const objects: MemoryStorage["objects"] = new Map();
  return {
    place,
    sqlite,
    objects,
    databases: [
      {
        name: "HOME",
        // All statements or none, as D1 runs a batch.
        run: async (statements) => {
          sqlite.exec("BEGIN");
          try {
            const results = statements.map(({ sql, params = [] }) => {
              const rows = sqlite.prepare(sql).all(...params);
              return rows as Record<string, string | number | null>[];
            });
            sqlite.exec("COMMIT");
            return results;
          } catch (error) {
            sqlite.exec("ROLLBACK");
            throw error;
          }
        },
      },
    ],
    bucket: {
      list: async (prefix, cursor) => {
        const keys = [...objects.keys()]
          .filter((key) => key.startsWith(prefix) && (cursor === null || key > cursor))
          .sort();
        const page = keys.slice(0, pageLength).map((key) => listed(objects, key));
        return {
          objects: page,
          cursor: keys.length > pageLength ? (page.at(-1)?.key ?? null) : null,
        };
      },
      get: async (key) => objects.get(key)?.bytes ?? null,
      put: async (key, bytes, { http, custom }) => void objects.set(key, { bytes, http, custom }),
      delete: async (key) => void objects.delete(key),
    },
    close: async () => sqlite.close(),
  };
}

function listed(objects: MemoryStorage["objects"], key: string): ListedObject {
  const { bytes = new Uint8Array(), http = {}, custom = {} } = objects.get(key) ?? {};
  return {
    key,
    size: bytes.length,
    etag: createHash("md5").update(bytes).digest("hex"),
    http,
    custom,
  };
}

/** Runs all migrations on a database, and lists them in ledgers as wrangler does. */
export function migrate(sqlite: DatabaseSync): void {
  runMigrations(sqlite);
  for (const kind of ["home", "content"]) {
    const ledger = `migrations_${kind}`;
    sqlite.exec(
      `CREATE TABLE ${ledger} (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`,
    );
    const note = sqlite.prepare(`INSERT INTO ${ledger} (name) VALUES (?)`);
    for (const path of readMigrations().keys()) {
      if (path.startsWith(`${kind}/`)) note.run(path.slice(kind.length + 1));
    }
  }
}
