import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { createAdmin, createResetLink, readAddress } from "./lib/accounts.ts";
import { type Operator, startOperator } from "./lib/cloudflare/stand-in-operator.ts";
import { type Databases, openLocalDatabases } from "./lib/d1.ts";
import { fromRoot, nodePath, rootDir } from "./lib/paths.ts";
import { databaseFiles, makeEmptyStorage } from "./lib/test-storage.ts";

const directory = mkdtempSync(join(tmpdir(), "user-"));
const stateDir = join(directory, "state");
let databases: Databases;
const now = Date.now();
const dayMs = 24 * 60 * 60 * 1000;

beforeAll(async () => {
  await makeEmptyStorage(stateDir);
  databases = await openLocalDatabases(stateDir);
}, 60_000);

beforeEach(() => {
  onHome("DELETE FROM users");
  onHome(`INSERT INTO users (id, email, passwordHash, createdAt, disabledAt) VALUES
    ('a', 'ada@example.com', 'hash', 1, NULL), ('g', 'grace@example.com', 'hash', 1, 2)`);
});

afterAll(async () => {
  await databases.close();
  rmSync(directory, { recursive: true, force: true });
});

function onHome(statement: string): Record<string, unknown>[] {
  const [file = ""] = databaseFiles(stateDir);
  const database = new DatabaseSync(file);
  try {
    return database.prepare(statement).all();
  } finally {
    database.close();
  }
}

const adasRole = () => onHome("SELECT role FROM users WHERE id = 'a'")[0]?.role;

/** Runs the command as a person does. */
function user(...args: string[]) {
  const env = { ...process.env, STATE_DIR: stateDir, WEB_PORT: "5200" };
  const file = fromRoot("scripts/user.ts");
  return spawnSync(nodePath, [file, ...args], { cwd: rootDir, env, encoding: "utf8" });
}

/** The row that a link leads to. */
function rowOf(link: string) {
  const [, id = "", secret = ""] = /\/reset#([^.]+)\.(\S+)/.exec(link) ?? [];
  const secretHash = createHash("sha256").update(secret).digest("hex");
  const rows = onHome("SELECT * FROM passwordResets");
  return rows.filter((row) => row.id === id && row.secretHash === secretHash);
}

test("a link is for one account and a day, and replaces the earlier one", async () => {
  const earlier = await createResetLink(databases, "ada@example.com", now - 1);
  const link = await createResetLink(databases, "ada@example.com", now);
  expect(rowOf(earlier)).toEqual([]);
  expect(rowOf(link)).toMatchObject([{ userId: "a", createdAt: now, expiresAt: now + dayMs }]);
  const secret = link.slice(link.lastIndexOf(".") + 1);
  expect(JSON.stringify(onHome("SELECT * FROM passwordResets"))).not.toContain(secret);
});

test.each([
  ["a disabled account", "grace@example.com", "The account grace@example.com is disabled."],
  [
    "an address that is SQL",
    `';drop"--@example.com`,
    "There is no account with the address ';drop",
  ],
])("no link is made for %s", async (_, email, sentence) => {
  await expect(createResetLink(databases, email, now)).rejects.toThrow(sentence);
  expect(onHome("SELECT * FROM passwordResets")).toEqual([]);
});

test("the command prints the link of this machine's web app", () => {
  const { stdout, status } = user("reset", " Ada@Example.com ");
  expect(status).toBe(0);
  expect(stdout).toContain("Give this link to the owner of ada@example.com. It works once");
  expect(stdout).toMatch(/^ {2}http:\/\/localhost:5200\/reset#/m);
  expect(rowOf(stdout)).toHaveLength(1);
});

test("without an account, an administrator's is created and opened with a link", () => {
  const { stdout } = user("admin", "lin@example.com", "--yes", "--site", "https://chat.example/x");
  expect(stdout).toMatch(/^ {2}https:\/\/chat\.example\/reset#/m);
  const [row] = rowOf(stdout);
  const [account] = onHome("SELECT * FROM users WHERE email = 'lin@example.com'");
  expect(account).toMatchObject({ id: row?.userId, role: "admin", passwordHash: null, isGuest: 0 });
});

test("an address that has signed up meanwhile gets neither the role nor a link", async () => {
  await expect(createAdmin(databases, "ada@example.com", now)).rejects.toThrow(
    "run the command again",
  );
  expect(adasRole()).toBe("user");
  expect(onHome("SELECT * FROM passwordResets")).toEqual([]);
});

test("an account becomes an administrator after a question, and back", () => {
  const asked = user("admin", "ada@example.com");
  expect([asked.status, asked.stderr]).toEqual([1, expect.stringContaining("began on 1970-01-01")]);
  expect(adasRole()).toBe("user");
  expect(user("admin", "ada@example.com", "--yes").stdout).toContain("To undo it");
  expect(adasRole()).toBe("admin");
  expect(user("admin", "ada@example.com", "--remove").status).toBe(0);
  expect(adasRole()).toBe("user");
});

test("an address is read as at sign-up", () => {
  expect(readAddress(" Ada@пример.рф ")).toBe("ada@xn--e1afmkfd.xn--p1ai");
  expect(() => readAddress("ada at example.com")).toThrow('"ada at example.com" is no email');
  expect(() => readAddress(undefined)).toThrow("Name the account by its email address.");
});

test("with --remote the environment's database is meant, and what is printed names it", async () => {
  const operator: Operator = await startOperator();
  onTestFinished(() => operator.stop());
  const remote = (...args: string[]) => operator.run("user.ts", ...args, "--remote");
  await operator.setUp({ environment: "staging", adminEmail: "lin@example.com" });
  expect((await remote("reset", "lin@example.com")).output).toContain("There is no production in");
  await operator.setUp();
  const staging = ["--env", "staging"];
  expect((await remote("reset", "lin@example.com")).output).toBe(
    "There is no account with the address lin@example.com.\n",
  );
  const { output } = await remote("reset", "lin@example.com", ...staging);
  expect(output).toMatch(/^ {2}https:\/\/staging\.alleato-chat\.pages\.dev\/reset#/m);
  await remote("admin", "lin@example.com", "--remove", ...staging);
  const again = await remote("admin", "lin@example.com", "--yes", ...staging);
  expect(again.output).toContain("user:admin lin@example.com --remove --remote --env staging\n");
});
