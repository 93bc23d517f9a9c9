import { resolve } from "node:path";

/** The top folder of the checkout. */
export const rootDir = resolve(import.meta.dirname, "../..");
