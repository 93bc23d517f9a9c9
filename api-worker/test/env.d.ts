/** Bindings that only tests have; see vitest.config.ts. */
declare namespace Cloudflare {
  interface Env {
    CONTENT_1: D1Database;
    RANDOM_RUNS: string;
    RANDOM_SEED: string;
    HOME_MIGRATIONS: import("cloudflare:test").D1Migration[];
    CONTENT_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}

/** A file as text, by Vite. */
declare module "*?raw" {
  const text: string;
  export default text;
}

interface ImportMeta {
  /** Files by their paths, by Vite. */
  glob(
    patterns: readonly string[],
    options: { readonly query: "?raw"; readonly import: "default"; readonly eager: true },
  ): Record<string, string>;
}
