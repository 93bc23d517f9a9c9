import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

await applyD1Migrations(env.HOME, env.HOME_MIGRATIONS, "migrations_home");
for (const content of [env.CONTENT_0, env.CONTENT_1]) {
  await applyD1Migrations(content, env.CONTENT_MIGRATIONS, "migrations_content");
}
