import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCloudStorage } from "./lib/backup/cloud-storage.ts";
import { runBackupCommand } from "./lib/backup/command.ts";
import { addRows, readDatabase } from "./lib/backup/test/test-content.ts";
import { openSession } from "./lib/cloudflare/login.ts";
import { startOperator } from "./lib/cloudflare/stand-in-operator.ts";

test("an environment is copied to a bucket, and from there to another one", async () => {
  const directory = mkdtempSync(join(tmpdir(), "cloud-backup-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const operator = await startOperator();
  onTestFinished(() => operator.stop());
  const { state } = operator.cloudflare;
  await operator.setUp({ environment: "production", adminEmail: "lin@example.com" });
  await operator.setUp({ environment: "staging" });
  const [production, staging] = [...state.databases.values()].map(({ sqlite }) => sqlite);
  if (!production || !staging) throw new Error("There are not two databases.");
  addRows(production, String(production.prepare("SELECT id FROM users").get()?.id));
  state.buckets.add("backups");
  for (const key of ["uploads/1", "uploads/ä 🚀%", "uploads/3"]) {
    state.objects.set(`alleato/${key}`, Buffer.from(key));
    // As the worker writes them: one has no type.
    if (key !== "uploads/1") state.types.set(`alleato/${key}`, "image/png");
  }
  const [first, second, other] = ["first", "second", "other"].map((name) =>
    join(directory, name, "of-monday"),
  ) as [string, string, string];
  const run = (task: string, folder = "", ...options: readonly string[]) =>
    runBackupCommand([task, folder, "--remote", ...options], () => {});

  await expect(run("create", first, "--bucket", "alleato")).rejects.toThrow("own bucket");
  await run("create", first, "--bucket", "backups");
  const copies = [...state.objects.keys()].filter((key) => key.startsWith("backups/"));
  expect(copies).toContain("backups/of-monday/files.json");

  expect(statSync(first).mode & 0o777).toBe(0o700);

  // The same folder again only completes what is in the bucket.
  state.objects.delete("backups/of-monday/files.json");
  await expect(run("create", first)).rejects.toThrow("has a whole backup already");
  await run("create", first, "--bucket", "backups");
  expect([...state.objects.keys()].filter((key) => key.startsWith("backups/"))).toEqual(
    expect.arrayContaining(copies),
  );
  // Another backup of the same name neither replaces it nor is mixed with it.
  await expect(run("create", other, "--bucket", "backups")).rejects.toThrow("has another backup");
  const intoOther = ["restore", other, "--bucket", "backups", "--env", "staging"] as const;
  await expect(run(...intoOther)).rejects.toThrow("has another backup");

  const restore = ["restore", second, "--bucket", "backups"] as const;
  const saved = readDatabase(production);
  production.exec("UPDATE users SET name = 'Later'");
  await expect(run(...restore)).rejects.toThrow("is not empty");
  await run(...restore, "--env", "staging");
  expect(readDatabase(staging)).toEqual(saved);
  expect(statSync(second).mode & 0o777).toBe(0o700);
  expect(state.objects.get("alleato-staging/uploads/ä 🚀%")?.toString()).toBe("uploads/ä 🚀%");
  expect(state.types.get("alleato-staging/uploads/3")).toBe("image/png");
});

test("a statement that cannot be run twice is not repeated", async () => {
  const operator = await startOperator();
  onTestFinished(() => operator.stop());
  await operator.setUp({ environment: "production" });
  const session = await openSession("production");
  const asked: unknown[] = [];
  const post: typeof session.api.post = (path, body, result, canRepeat) => {
    asked.push(canRepeat);
    return session.api.post(path, body, result, canRepeat);
  };
  const storage = openCloudStorage({ ...session, api: { ...session.api, post } });
  for (const sql of ["CREATE TABLE extra (id)", "SELECT 1", "DROP TABLE IF EXISTS extra"]) {
    await storage.databases[0]?.run([{ sql }]);
  }
  expect(asked).toEqual([false, true, true]);
});

test("the command says what it lacks", async () => {
  const run = (...args: readonly string[]) => runBackupCommand(args, () => {});
  await expect(run("create")).rejects.toThrow("Name the folder of the backup.");
  await expect(run("create", "a", "--bucket", "b")).rejects.toThrow("go with --remote");
  await expect(run("look", "a")).rejects.toThrow("create, verify or restore");
});
