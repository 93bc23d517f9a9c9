import type { DocumentOutput } from "api-worker/contracts/documents";

/** The extensions of source files in common languages. */
const extensions: Readonly<Record<string, string>> = {
  bash: "sh",
  c: "c",
  "c++": "cpp",
  css: "css",
  go: "go",
  html: "html",
  java: "java",
  javascript: "js",
  json: "json",
  kotlin: "kt",
  php: "php",
  python: "py",
  ruby: "rb",
  rust: "rs",
  sql: "sql",
  swift: "swift",
  typescript: "ts",
};

/** Characters that file systems refuse, and dots at the ends, which hide a file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are refused.
const unfit = /[\\/:*?"<>|\u0000-\u001f]+|^\.+|[.\s]+$/g;

/** The name of a document as a file: its title with the extension of its kind. */
export function documentFileName({
  title,
  kind,
  language,
}: Pick<DocumentOutput, "title" | "kind" | "language">): string {
  const name = title.replace(unfit, " ").trim() || "Document";
  const extension = kind === "text" ? "md" : (extensions[(language ?? "").toLowerCase()] ?? "txt");
  return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}

/** Downloads a content as a file, byte for byte. Browser only. */
export function saveFile(fileName: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
