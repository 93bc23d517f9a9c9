import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** Ceilings in bytes, gzipped; 1 KB is 1000 bytes. */
export const weightLimits = {
  /**
   * The worker's upload. Over a third of it is pdf.js, for models that cannot read PDF; 220 KB are the
   * list of common passwords (decision 0034), and 50 KB the parser that closes what a message leaves
   * open in a Markdown export (decision 0017). 10 KB are the administration. The platform takes 3 MB
   * on its Free plan.
   */
  worker: 1_640_000,
  /** The JavaScript that a first visit transfers. React Router's list of all routes is in it. */
  loginPage: 126_000,
  newChatPage: 261_000,
  chatPage: 330_000,
} as const;

/**
 * Weighs the worker.
 *
 * @param bundle absolute path of the worker's bundle, as for a deployment
 * @returns the size of its modules, gzipped, in bytes
 */
export function weighWorker(bundle: string): number {
  return readdirSync(dirname(bundle), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && /\.(js|mjs|wasm|bin|txt)$/.test(file.name))
    .map((file) => gzipSync(readFileSync(join(file.parentPath, file.name))).length)
    .reduce((sum, size) => sum + size, 0);
}
