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
  svg: "svg",
  swift: "swift",
  typescript: "ts",
};

/** Characters that file systems refuse, and dots at the ends, which hide a file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are refused.
const unfit = /[\\/:*?"<>|\u0000-\u001f]+|^\.+|[.\s]+$/g;

const hasExtension = /[^.]\.[a-z\d+]{1,8}$/i;

function extensionOf(kind: DocumentOutput["kind"], language: string | null): string {
  if (kind === "text") return "md";
  if (kind === "sheet") return "csv";
  if (kind === "image") return "png";
  return extensions[(language ?? "").toLowerCase()] ?? "txt";
}

/** The name of a document as a file: its title with the extension of its kind. */
export function documentFileName({
  title,
  kind,
  language,
}: Pick<DocumentOutput, "title" | "kind" | "language">): string {
  const name = title.replace(unfit, " ").trim() || "Document";
  // The title of code may be the name of a file, which also tells its language.
  if (kind === "code" && language === null && hasExtension.test(name)) return name;
  const extension = extensionOf(kind, language);
  return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}
