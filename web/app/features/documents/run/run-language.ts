import type { DocumentOutput } from "api-worker/contracts/documents";

/** The languages that can be run. Each has a frame of its own: `/run/<language>`. */
export const runLanguages = ["python", "javascript", "html"] as const;
export type RunLanguage = (typeof runLanguages)[number];

const names: ReadonlyMap<string, RunLanguage> = new Map([
  ["python", "python"],
  ["python3", "python"],
  ["py", "python"],
  ["javascript", "javascript"],
  ["js", "javascript"],
  ["mjs", "javascript"],
  ["html", "html"],
  ["htm", "html"],
  // A picture is a page of its own.
  ["svg", "html"],
]);

/** The language in which a document can be run: its own or, without one, that of its title's extension; null if none. */
export function runLanguageOf({
  kind,
  language,
  title,
}: Pick<DocumentOutput, "kind" | "language" | "title">): RunLanguage | null {
  if (kind !== "code") return null;
  const name = language ?? /\.([a-z\d]+)$/i.exec(title.trim())?.[1] ?? "";
  return names.get(name.toLowerCase()) ?? null;
}
