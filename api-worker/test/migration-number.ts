import type { D1Migration } from "cloudflare:test";

/** The number at the beginning of a migration's name. */
export const numberOf = (migration: D1Migration | undefined): number =>
  Number.parseInt(migration?.name ?? "", 10);
