import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { ScriptError } from "../failure.ts";
import { hashFile } from "../r2.ts";
import { begunName, makeFolder, parseBegun, readBegun } from "./manifest.ts";
import { type Bucket, listObjects } from "./storage.ts";

/** Copies a folder with a backup to a bucket and back. Large files are cut into parts. */

/** Cloudflare's API takes objects of up to 300 MB. */
const partBytes = 64 * 1024 * 1024;

const fileList = z.array(
  z.object({ path: z.string(), size: z.number(), sha256: z.string(), parts: z.number() }),
);

/** Written last, so a backup without it is not whole. */
const listName = "files.json";
const metadata = { http: { contentType: "application/octet-stream" }, custom: {} };

const partKey = (prefix: string, path: string, part: number, parts: number): string =>
  `${prefix}/${path}${parts === 1 ? "" : `.part-${String(part).padStart(5, "0")}`}`;

/**
 * Copies the files of a whole backup to a bucket, or those that are missing there.
 *
 * @param prefix of the keys, without a slash at the end
 * @throws {ScriptError} when another backup is there
 */
export async function uploadFolder(bucket: Bucket, prefix: string, folder: string): Promise<void> {
  await checkIsSame(bucket, prefix, folder);
  const known = new Map<string, string>();
  for await (const { key, etag } of listObjects(bucket, `${prefix}/`)) known.set(key, etag);
  const others = globSync("**", { cwd: folder })
    .filter((path) => path !== begunName)
    .sort();
  // First the file that tells another backup that this one has the prefix.
  const files: z.infer<typeof fileList> = [];
  for (const path of [begunName, ...others]) {
    const file = join(folder, path);
    if (!statSync(file).isFile() || path.endsWith(".part")) continue;
    const { size } = statSync(file);
    const parts = Math.max(1, Math.ceil(size / partBytes));
    files.push({ path, size, sha256: await hashFile(file), parts });
    for (let part = 0; part < parts; part += 1) {
      const bytes = await readPart(file, part);
      const key = partKey(prefix, path, part, parts);
      const md5 = createHash("md5").update(bytes).digest("hex");
      if (known.get(key) !== md5) await bucket.put(key, bytes, metadata);
    }
  }
  await bucket.put(
    `${prefix}/${listName}`,
    new TextEncoder().encode(JSON.stringify(files)),
    metadata,
  );
}

/** @throws {ScriptError} when a folder and a prefix of a bucket have different backups */
async function checkIsSame(bucket: Bucket, prefix: string, folder: string): Promise<void> {
  const there = await bucket.get(`${prefix}/${begunName}`);
  const here = readBegun(folder);
  if (!there || !here) return;
  const { id, begunAt } = parseBegun(there);
  if (id === here.id) return;
  throw new ScriptError(
    `The bucket has another backup under ${prefix}/, begun at ${begunAt}. The one in ${folder} was begun at ${here.begunAt}. Name another folder.`,
  );
}

async function readPart(file: string, part: number): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(file);
  try {
    const bytes = new Uint8Array(partBytes);
    let length = 0;
    for (;;) {
      const place = part * partBytes + length;
      const { bytesRead } = await handle.read(bytes, length, partBytes - length, place);
      if (bytesRead === 0) return bytes.subarray(0, length);
      length += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/**
 * Copies the files of a backup from a bucket to a folder, or those that are missing there.
 *
 * @throws {ScriptError} when the bucket has no whole backup under the prefix, the folder has another
 *   one, or a file differs from its digest
 */
export async function downloadFolder(
  bucket: Bucket,
  prefix: string,
  folder: string,
): Promise<void> {
  const list = await bucket.get(`${prefix}/${listName}`);
  if (!list) throw new ScriptError(`The bucket has no whole backup under ${prefix}/.`);
  await checkIsSame(bucket, prefix, folder);
  makeFolder(folder);
  for (const { path, sha256, parts } of fileList.parse(
    JSON.parse(new TextDecoder().decode(list)),
  )) {
    const file = join(folder, path);
    if (relativeOutside(path))
      throw new ScriptError(`The backup has a file outside of it: ${path}.`);
    if (existsSync(file) && (await hashFile(file)) === sha256) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, "");
    for (let part = 0; part < parts; part += 1) {
      const key = partKey(prefix, path, part, parts);
      const bytes = await bucket.get(key);
      if (!bytes) throw new ScriptError(`The bucket lacks ${key}, which is a part of the backup.`);
      writeFileSync(`${file}.part`, bytes, { flag: "a" });
    }
    if ((await hashFile(`${file}.part`)) !== sha256) {
      throw new ScriptError(`${prefix}/${path} in the bucket is damaged.`);
    }
    renameSync(`${file}.part`, file);
  }
}

const relativeOutside = (path: string): boolean =>
  path.startsWith("/") || path.split(/[\\/]/).includes("..");
