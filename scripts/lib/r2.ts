import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Session } from "./cloudflare/login.ts";
import { requireResources } from "./cloudflare/target.ts";
import { openLocalBindings } from "./local-bindings.ts";

/** The bucket of wrangler.toml, in local storage or on Cloudflare. */
export interface Bucket {
  /** @returns the SHA-256 of an object's bytes, in hex; null when there is no such object */
  hash(key: string): Promise<string | null>;
  /** Copies a file to an object, which is replaced. */
  put(key: string, file: string, contentType: string): Promise<void>;
  close(): Promise<void>;
}

/** @returns the SHA-256 of a file's bytes, in hex */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** @returns the SHA-256 of bytes, in hex */
export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The part of the worker's binding that is used here. */
interface Binding {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  put(
    key: string,
    content: Uint8Array,
    options: { httpMetadata: { contentType: string } },
  ): Promise<unknown>;
}

/** @param stateDir absolute path of the local storage */
export async function openLocalBucket(stateDir: string): Promise<Bucket> {
  const { env, close } = await openLocalBindings<{ FILES: Binding }>(stateDir);
  const { FILES: bucket } = env;
  return {
    async hash(key) {
      const object = await bucket.get(key);
      return object && hashBytes(new Uint8Array(await object.arrayBuffer()));
    },
    async put(key, file, contentType) {
      await bucket.put(key, await readFile(file), { httpMetadata: { contentType } });
    },
    close,
  };
}

/**
 * The bucket of an environment. Each call throws a {@link ScriptError} with Cloudflare's words when it
 * cannot be reached.
 *
 * @throws {ScriptError} when nothing was set up there
 */
export function openCloudBucket({ api, target }: Session): Bucket {
  const { bucketName } = requireResources(target);
  const pathOf = (key: string) =>
    `/r2/buckets/${bucketName}/objects/${key.split("/").map(encodeURIComponent).join("/")}`;
  return {
    async hash(key) {
      const object = await api.getObject(pathOf(key));
      return object && hashBytes(new Uint8Array(await object.arrayBuffer()));
    },
    async put(key, file, contentType) {
      await api.putObject(pathOf(key), await readFile(file), contentType);
    },
    close: async () => {},
  };
}
