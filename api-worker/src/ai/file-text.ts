/** How a model is told of files in words. The demo model reads them back. */

/** What is known of a file. */
export interface ToldFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

const opening = "<file";

/** A file whose text the model is given. */
export function textOfFile(file: ToldFile, text: string, isCut: boolean): string {
  const end = isCut ? "\n[The file goes on. It was cut here, because it is long.]" : "";
  return `${head(file)}>\n${text}${end}\n</file>`;
}

/** Stands for a file that the model is not given. @param why a sentence */
export function absentFile(file: Pick<ToldFile, "name">, why: string): string {
  return `${opening} name=${JSON.stringify(file.name)}>\n[${why}]\n</file>`;
}

/** Stands before a file that the model is given as it is: providers drop names. */
export function labelOfFile(file: ToldFile): string {
  return `${head(file)} />`;
}

function head({ name, mediaType, bytes }: ToldFile): string {
  return `${opening} name=${JSON.stringify(name)} type="${mediaType}" bytes="${bytes}"`;
}

/** A file as the demo model finds it again. */
export interface ReadFile extends ToldFile {
  /** "" for one that came as it is, or has no text. */
  readonly firstLine: string;
}

/** Reads one of the texts above; null for any other text. */
export function readFileText(text: string): ReadFile | null {
  const match = /^<file name=("(?:[^"\\]|\\.)*") type="([^"]*)" bytes="(\d+)"( \/)?>\n?/.exec(text);
  if (!match) return null;
  const [whole, name = '""', mediaType = "", bytes] = match;
  const body = text.slice(whole.length).replace(/\n?<\/file>$/, "");
  const firstLine = body.split("\n").find((line) => line.trim() !== "") ?? "";
  return { name: JSON.parse(name), mediaType, bytes: Number(bytes), firstLine };
}

/** Whether a text stands for a file, rather than being the reader's own. */
export function isFileText(text: string): boolean {
  return /^<file name="/.test(text) && /(\/>|<\/file>)$/.test(text);
}
