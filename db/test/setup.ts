import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

// Both on one database would do too; apart they show that no foreign key crosses.
await applyD1Migrations(env.HOME, env.HOME_MIGRATIONS, "migrations_home");
await applyD1Migrations(env.CONTENT, env.CONTENT_MIGRATIONS, "migrations_content");
