import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

// One database for both would work too. Two show that no foreign key crosses them.
await applyD1Migrations(env.HOME, env.HOME_MIGRATIONS, "migrations_home");
await applyD1Migrations(env.CONTENT, env.CONTENT_MIGRATIONS, "migrations_content");
