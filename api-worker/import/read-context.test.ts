/** Each state of the template is read from a Postgres and converted whole. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isKnownPart } from "../src/contracts/part-schemas.ts";
import { collectFiles, convertGroup } from "./convert/convert-group.ts";
import type { ConvertedGroup, FileOutcome, Value } from "./model.ts";
import { readContext } from "./read-context.ts";
import { openSource } from "./source/open-source.ts";
import { messagesOf, rowsOf, stored } from "./test/conversion.ts";
import { fillNasty, id, ownTables } from "./test/fixtures/nasty.ts";
import { createSchema, type SchemaState, states } from "./test/fixtures/schema.ts";
import { startPostgres, type TestPostgres } from "./test/postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** Fills a schema with the state's nasty rows and converts all of them. */
async function convertAll(state: SchemaState): Promise<ConvertedGroup[]> {
  await postgres.runIn(state, [createSchema(state), fillNasty(state), ownTables].join("\n"));
  const source = await openSource(postgres.url, { schema: state });
  try {
    const context = await readContext(source, "UTC");
    const converted: ConvertedGroup[] = [];
    let files = 0;
    for await (const { kind, id: groupId } of source.listGroups()) {
      for (const group of await source.readGroups(kind, [groupId])) {
        const outcomes = new Map<string, FileOutcome>();
        for (const file of collectFiles(group, context)) {
          files += 1;
          outcomes.set(file.url, stored(files, file.mediaType ?? "image/png", file.userId));
        }
        converted.push(convertGroup(group, context, outcomes));
      }
    }
    return converted;
  } finally {
    await source.close();
  }
}

const migrations = join(import.meta.dirname, "../../db/migrations");

/** The product's two databases as one, without rows. */
function emptyDatabase(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec("PRAGMA foreign_keys = ON");
  for (const folder of ["home", "content"]) {
    for (const name of readdirSync(join(migrations, folder)).sort()) {
      database.exec(readFileSync(join(migrations, folder, name), "utf8"));
    }
  }
  return database;
}

function insert(database: DatabaseSync, table: string, row: Readonly<Record<string, Value>>): void {
  const names = Object.keys(row);
  const places = names.map(() => "?").join(", ");
  database
    .prepare(`INSERT INTO "${table}" (${names}) VALUES (${places})`)
    .run(...Object.values(row));
}

const all = (converted: readonly ConvertedGroup[], table: string) =>
  converted.flatMap((group) => rowsOf(group, table));

describe.each(states)("the state %s", (state) => {
  let converted: ConvertedGroup[];
  beforeAll(async () => {
    converted = await convertAll(state);
  });

  test("has every user once, and the older account keeps its address", () => {
    const emails = all(converted, "users").map(({ email }) => email);
    expect(emails).toHaveLength(7);
    expect(new Set(emails).size).toBe(7);
    const owner = all(converted, "users").find(({ email }) => email === "ada@example.com");
    expect(owner?.id).toBe(id("u", 1));
    expect(all(converted, "users").filter(({ isGuest }) => isGuest === 1)).toMatchObject([
      { id: id("u", 4), email: null },
    ]);
  });

  test("has every chat with parts that the product reads", () => {
    expect(all(converted, "chats")).toHaveLength(7);
    const messages = converted.flatMap((group) => messagesOf(group));
    expect(messages.length).toBeGreaterThanOrEqual(6);
    for (const { parts } of messages) {
      for (const part of parts) expect(isKnownPart(part), JSON.stringify(part)).toBe(true);
    }
    for (const { parts } of all(converted, "messages")) {
      expect(Buffer.byteLength(String(parts))).toBeLessThanOrEqual(950_000);
    }
  });

  test("has every version of every document", () => {
    expect(all(converted, "documents")).toHaveLength(5);
    expect(all(converted, "documentVersions")).toHaveLength(7);
    expect(all(converted, "suggestions").map(({ state: one }) => one)).toEqual([
      ...["open", "accepted", "rejected"],
    ]);
  });

  test("has rows that the product's tables take, in this order", () => {
    const database = emptyDatabase();
    const known = converted.filter(({ kind }) => kind !== "legacy");
    for (const { table, rows } of known.flatMap(({ tables }) => tables)) {
      for (const row of rows) insert(database, table, row);
    }
    const counts = database
      .prepare("SELECT sum(chats) AS chats, sum(messages) AS messages FROM contentUse")
      .get();
    expect(counts).toEqual({ chats: 7, messages: all(converted, "messages").length });
    expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
    const shown = database.prepare("SELECT count(*) AS count FROM messageFiles").get()?.count;
    const parts = converted.flatMap((group) => messagesOf(group)).flatMap((one) => one.parts);
    expect(shown).toBe(parts.filter(({ type }) => type === "file").length);
    database.close();
  });

  // The newest form of calls is in `Message_v2`, which the earlier states do not have.
  test.runIf(states.indexOf(state) >= states.indexOf("message-parts"))(
    "links the calls of answers to the versions that they made",
    () => {
      const versions = all(converted, "documentVersions").filter(
        ({ documentId }) => documentId === id("d", 1),
      );
      expect(versions.map(({ author, messageId }) => [author, messageId])).toEqual([
        ["model", id("m", 14)],
        ["model", id("m", 16)],
        ["person", null],
      ]);
      const [document] = all(converted, "documents").filter((row) => row.id === id("d", 1));
      expect(document?.chatId).toBe(id("c", 2));
      const cards = converted
        .flatMap((group) => messagesOf(group))
        .flatMap(({ parts }) => parts.filter(({ type }) => type === "data-document"));
      expect(cards.map((card) => card.id)).toEqual(["d1", "d2"]);
    },
  );
});
