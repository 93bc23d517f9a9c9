import { env } from "cloudflare:workers";
import { expect, test } from "vitest";

const dayMs = 24 * 60 * 60_000;

function insert(id: string, createdAt: number) {
  return env.HOME.prepare(
    "INSERT INTO auditEvents (id, actorId, action, targetType, targetId, createdAt) VALUES (?, 'a', 'file.read', 'upload', 'u', ?)",
  )
    .bind(id, createdAt)
    .run();
}

test("the events of the audit log can be neither changed nor deleted for a year", async () => {
  await insert("e", Date.now() - 365 * dayMs + 60_000);
  for (const statement of [
    "UPDATE auditEvents SET actorId = 'b' WHERE id = 'e'",
    "UPDATE auditEvents SET createdAt = 1 WHERE id = 'e'",
    "DELETE FROM auditEvents WHERE id = 'e'",
    "INSERT OR REPLACE INTO auditEvents (id, actorId, action, targetType, targetId, createdAt) VALUES ('e', 'b', 'file.read', 'upload', 'u', 1)",
  ]) {
    await expect(env.HOME.prepare(statement).run()).rejects.toThrow("append-only");
  }
  const event = await env.HOME.prepare("SELECT actorId FROM auditEvents WHERE id = 'e'").first();
  expect(event).toEqual({ actorId: "a" });
});

test("an older event may be deleted, and not changed", async () => {
  await insert("old", Date.now() - 365 * dayMs - 60_000);
  await expect(
    env.HOME.prepare("UPDATE auditEvents SET actorId = 'b' WHERE id = 'old'").run(),
  ).rejects.toThrow("append-only");
  await env.HOME.prepare("DELETE FROM auditEvents WHERE id = 'old'").run();
  expect(await env.HOME.prepare("SELECT 1 FROM auditEvents WHERE id = 'old'").first()).toBeNull();
});
