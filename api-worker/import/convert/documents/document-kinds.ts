import { type DocumentKind, documentKindSchema } from "../../../src/contracts/documents.ts";
import type { RawRow, SourceShape } from "../../model.ts";

/** The kind of a row of `Document`; null for one that is not known here. */
export function kindOf(row: RawRow, { documentKindColumn }: SourceShape): DocumentKind | null {
  // The first state had texts and nothing else.
  if (documentKindColumn === null) return "text";
  return documentKindSchema.safeParse(row[documentKindColumn]).data ?? null;
}

/** Languages by the extensions that a title can have. */
const languages: Readonly<Record<string, string>> = {
  c: "c",
  cpp: "c++",
  css: "css",
  go: "go",
  html: "html",
  java: "java",
  js: "javascript",
  json: "json",
  kt: "kotlin",
  php: "php",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  sql: "sql",
  svg: "svg",
  swift: "swift",
  ts: "typescript",
};

/** The language of code: that of its title's extension, otherwise the one that the template asked its model for. */
export function languageOf(kind: DocumentKind, title: string): string | null {
  if (kind !== "code") return null;
  const extension = /\.([a-z\d]+)$/i.exec(title.trim())?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(languages, extension) ? (languages[extension] ?? null) : "python";
}
