/** Counts anew what each owner stores, and compares it with the counter that triggers keep. */
import type { Target } from "../../model.ts";
import type { Differences } from "../verification.ts";

/** Each counter, as the sum of queries for one owner. D1 takes few terms in one compound SELECT. */
const counters = {
  chats: ["count(*) FROM chats"],
  messages: ["count(*) FROM messages"],
  openAnswers: ["sum(status = 'streaming') FROM messages"],
  textBytes: [
    "sum(octet_length(title)) FROM chats",
    "sum(octet_length(parts)) FROM messages",
    "sum(octet_length(title) + 300) FROM documents",
    "sum(octet_length(content) + 300) FROM documentVersions",
    "sum(octet_length(original) + octet_length(proposed) + octet_length(reason) + 300) FROM suggestions",
  ],
  fileBytes: ["sum((state = 'ready') * (bytes + coalesce(thumbnailBytes, 0))) FROM uploads"],
  streamBytes: ["sum(bytes) FROM openStreams"],
} as const;

type Counter = keyof typeof counters;
const names = Object.keys(counters) as Counter[];
type UseRow = Readonly<Record<Counter | `kept ${Counter}`, number>> & { readonly userId: string };

const owningTables = [
  ...["contentUse", "chats", "messages", "documents", "documentVersions", "suggestions"],
  ...["uploads", "openStreams"],
];

/** Owners of one query, so that it ends in time for any number of them. */
const pageOwners = 200;

/** @returns the number of owners whose counters are wrong */
export async function checkUse(target: Target, differences: Differences): Promise<number> {
  let broken = 0;
  let after = "";
  while (true) {
    const owners = await listOwners(target, after);
    const last = owners.at(-1);
    if (last === undefined) return broken;
    for (const row of await recount(target, owners)) {
      const wrong = names.filter((name) => row[name] !== row[`kept ${name}`]);
      if (wrong.length > 0) broken++;
      for (const name of wrong) {
        differences.add({
          kind: "miscounted",
          table: "contentUse",
          key: `userId ${row.userId}`,
          column: name,
          source: String(row[name]),
          target: String(row[`kept ${name}`]),
        });
      }
    }
    after = last;
  }
}

/** The next owners of any row, in order. */
async function listOwners(target: Target, after: string): Promise<readonly string[]> {
  const owners = new Set<string>();
  for (const table of owningTables) {
    const rows = await target.query<{ userId: string }>("content", {
      sql: `SELECT DISTINCT userId FROM ${table} WHERE userId > ? ORDER BY userId LIMIT ${pageOwners}`,
      params: [after],
    });
    for (const { userId } of rows) owners.add(userId);
  }
  // Beyond the last of a full page, an owner of another table may be left out.
  return [...owners].sort().slice(0, pageOwners);
}

function recount(target: Target, owners: readonly string[]): Promise<readonly UseRow[]> {
  const columns = names.flatMap((name) => [
    `${counters[name].map((sum) => `coalesce((SELECT ${sum} WHERE userId = owner.value), 0)`).join(" + ")} AS ${name}`,
    `coalesce(contentUse.${name}, 0) AS "kept ${name}"`,
  ]);
  return target.query<UseRow>("content", {
    sql: `SELECT owner.value AS userId, ${columns.join(", ")} FROM json_each(?) AS owner LEFT JOIN contentUse ON contentUse.userId = owner.value`,
    params: [JSON.stringify(owners)],
  });
}
