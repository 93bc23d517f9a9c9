/** Bindings of the tests; see vitest.config.ts. */
declare namespace Cloudflare {
  interface Env {
    HOME: D1Database;
    CONTENT: D1Database;
    HOME_MIGRATIONS: import("cloudflare:test").D1Migration[];
    CONTENT_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
