import { createHash } from "node:crypto";
import { z } from "zod";
import { ScriptError } from "../failure.ts";
import type { CloudflareApi } from "./api.ts";

/**
 * Statements for a D1 database of the account. D1 imports a file as a whole: when it fails, the
 * database is as before.
 *
 * @see https://developers.cloudflare.com/api/resources/d1/subresources/database/methods/import/
 */

const importState = z.object({
  success: z.boolean().optional(),
  status: z.string().optional(),
  error: z.string().nullish(),
  errors: z.array(z.string()).optional(),
  messages: z.array(z.string()).optional(),
  at_bookmark: z.string().optional(),
  filename: z.string().optional(),
  upload_url: z.string().optional(),
});
type ImportState = z.infer<typeof importState>;

/** Each poll waits on the server, so these are minutes. */
const maxPolls = 600;

/**
 * Runs a file of statements, all of it or nothing.
 *
 * @throws {ScriptError} with D1's words when it fails. When an answer was lost, the file may have
 *   been run: look before running it again
 */
export async function importSql(
  api: CloudflareApi,
  databaseId: string,
  sql: string,
): Promise<void> {
  const path = `/d1/database/${databaseId}/import`;
  const etag = createHash("md5").update(sql).digest("hex");
  const post = (body: object, canRepeat: boolean) => api.post(path, body, importState, canRepeat);
  let state = await post({ action: "init", etag }, true);
  if (state.upload_url !== undefined) {
    await upload(state.upload_url, sql, etag);
    state = await post({ action: "ingest", filename: state.filename, etag }, false);
  }
  for (let polls = 0; polls < maxPolls; polls += 1) {
    failIfOver(state);
    if (state.status === "complete") return;
    state = await post({ action: "poll", current_bookmark: state.at_bookmark }, true);
  }
  throw new ScriptError("D1 is still importing. Run the command again in a few minutes.");
}

async function upload(url: string, sql: string, etag: string): Promise<void> {
  const response = await fetch(url, { method: "PUT", body: sql }).catch(() => null);
  const arrived = response?.headers.get("etag")?.replaceAll('"', "");
  if (response?.status === 200 && arrived === etag) return;
  throw new ScriptError(`The file for D1 did not arrive (${response?.status ?? "no answer"}).`);
}

function failIfOver({ success, status, error, errors, messages }: ImportState): void {
  if (success !== false && status !== "error" && !error) return;
  const reasons = [error, ...(errors ?? []), ...(messages ?? [])].filter(Boolean);
  throw new ScriptError(reasons.join("\n") || "D1 gave no reason.");
}

const queryResults = z.array(z.object({ results: z.array(z.unknown()) }));

/**
 * Runs statements, all of them or none.
 *
 * @param row what each row of the last statement has
 * @returns the rows of the last statement
 * @throws {ScriptError} when one fails, or a row has another form
 */
export async function queryCloud<Row>(
  api: CloudflareApi,
  databaseId: string,
  statements: readonly string[],
  row: z.ZodType<Row>,
): Promise<readonly Row[]> {
  const path = `/d1/database/${databaseId}/query`;
  // Reading can be repeated, and has to be: the connection may have gone while the contract was read.
  const isReading = statements.every((statement) => statement.startsWith("SELECT "));
  const body = { sql: statements.join(";\n") };
  const results = await api.post(path, body, queryResults, isReading);
  return z.array(row).parse(results.at(-1)?.results ?? []);
}
