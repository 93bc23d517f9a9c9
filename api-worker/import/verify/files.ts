/** Compares the bytes of stored files with those at the source, or with the recorded sums. */
import { hash } from "node:crypto";
import type { Target } from "../model.ts";
import type { NamedFile } from "./expected-source.ts";
import type { Differences, FilesResult } from "./verification.ts";

/**
 * Fetches a file of the old store.
 *
 * @returns null for one that the old store does not have any more
 * @throws when the store does not answer
 */
export type FileFetcher = (url: string) => Promise<Uint8Array | null>;

export interface FileCheck {
  readonly target: Target;
  readonly fetchFile: FileFetcher | null;
  readonly differences: Differences;
  /** The files that the source names, by `userId uploadId`. */
  readonly named: ReadonlyMap<string, NamedFile>;
  readonly onFile: () => void;
}

interface UploadRow {
  readonly userId: string;
  readonly id: string;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly chatId: string | null;
  readonly createdAt: number;
}

const parallel = 4;
const pageRows = 200;
const unreachableKept = 100;

/** Reads every stored file that the source names. */
export async function checkFiles(check: FileCheck): Promise<FilesResult> {
  const totals = new FileTotals();
  const keys = [...check.named.keys()];
  for (let start = 0; start < keys.length; start += pageRows) {
    const page = keys.slice(start, start + pageRows);
    const rows = await readUploads(check.target, page);
    const queue = rows.values();
    // All take from one queue, so that four files are read at a time.
    const worker = async () => {
      for (const row of queue) {
        await checkFile(check, row, totals);
        check.onFile();
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
  }
  return totals;
}

class FileTotals implements FilesResult {
  checked = 0;
  comparedWithSource = 0;
  goneAtSource = 0;
  bytes = 0;
  readonly unreachable: string[] = [];
}

/** Files that are not stored, which their messages say, have no row. */
function readUploads(target: Target, keys: readonly string[]): Promise<readonly UploadRow[]> {
  return target.query<UploadRow>("content", {
    sql: `SELECT userId, id, bytes, sha256, chatId, createdAt FROM uploads WHERE state = 'ready'
      AND userId || ' ' || id IN (SELECT value FROM json_each(?1))
      AND id IN (SELECT substr(value, instr(value, ' ') + 1) FROM json_each(?1))`,
    params: [JSON.stringify(keys)],
  });
}

async function checkFile(check: FileCheck, row: UploadRow, totals: FileTotals): Promise<void> {
  const differ = (column: string | null, source: string | null, target: string | null) => {
    const key = `id ${row.id}`;
    check.differences.add({ kind: "file", table: "uploads", key, column, source, target });
  };
  checkPlace(check, row, differ);
  const bytes = await check.target.files.get(`uploads/${row.id}`);
  if (!bytes) return differ(null, `${row.bytes} bytes with the SHA-256 ${row.sha256}`, null);
  totals.checked++;
  totals.bytes += bytes.byteLength;
  const sum = hash("sha256", bytes, "hex");
  if (sum !== row.sha256) differ("sha256", row.sha256, sum);
  if (bytes.byteLength !== row.bytes) differ("bytes", String(row.bytes), String(bytes.byteLength));
  const atSource = await sumAtSource(check, row, totals);
  if (atSource !== null && atSource !== sum) differ("sha256", atSource, sum);
}

/** A file is of a chat that names it, and as old as a row that names it. */
function checkPlace(
  { named }: FileCheck,
  { userId, id, chatId, createdAt }: UploadRow,
  differ: (column: string, source: string, target: string | null) => void,
): void {
  const places = named.get(`${userId} ${id}`)?.places ?? [];
  const ofChat = places.filter((place) => place.chatId === null || place.chatId === chatId);
  const [first] = places;
  if (ofChat.length === 0) differ("chatId", String(first?.chatId), chatId);
  else if (!ofChat.some((place) => place.createdAt === createdAt)) {
    differ("createdAt", String(ofChat[0]?.createdAt), String(createdAt));
  }
}

/** The sum of the file at the source; null where it cannot be had. */
async function sumAtSource(
  { named, fetchFile }: FileCheck,
  { userId, id }: UploadRow,
  totals: FileTotals,
): Promise<string | null> {
  const file = named.get(`${userId} ${id}`);
  if (!file) return null;
  if (file.sha256 !== null) {
    totals.comparedWithSource++;
    return file.sha256;
  }
  if (fetchFile === null || file.url === null) return null;
  try {
    const bytes = await fetchFile(file.url);
    if (bytes) totals.comparedWithSource++;
    else totals.goneAtSource++;
    return bytes && hash("sha256", bytes, "hex");
  } catch {
    if (totals.unreachable.length < unreachableKept) totals.unreachable.push(file.url);
    return null;
  }
}
