/** Describes files to a model in text. The demo model parses these descriptions. */

/** The facts about a file that a model gets. */
export interface ToldFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

const opening = "<file";

/** A file with its text. @param isCut whether the text ends before the file does */
export function textOfFile(file: ToldFile, text: string, isCut: boolean): string {
  const end = isCut ? "\n[The file continues. It was cut here because of its length.]" : "";
  return `${head(file)}>\n${text}${end}\n</file>`;
}

/**
 * Replaces a file that the model does not get.
 *
 * @param why a sentence
 */
export function absentFile(file: Pick<ToldFile, "name">, why: string): string {
  return `${opening} name=${JSON.stringify(file.name)}>\n[${why}]\n</file>`;
}

/** Precedes a file that is sent as bytes, because providers drop the names of files. */
export function labelOfFile(file: ToldFile): string {
  return `${head(file)} />`;
}

function head({ name, mediaType, bytes }: ToldFile): string {
  return `${opening} name=${JSON.stringify(name)} type="${mediaType}" bytes="${bytes}"`;
}

/** A file as the demo model parses it. */
export interface ReadFile extends ToldFile {
  /** "" for a file that was sent as bytes or has no text. */
  readonly firstLine: string;
}

/** Parses one of the descriptions above; null for any other text. */
export function readFileText(text: string): ReadFile | null {
  const match = /^<file name=("(?:[^"\\]|\\.)*") type="([^"]*)" bytes="(\d+)"( \/)?>\n?/.exec(text);
  if (!match) return null;
  const [whole, name = '""', mediaType = "", bytes] = match;
  const body = text.slice(whole.length).replace(/\n?<\/file>$/, "");
  const firstLine = body.split("\n").find((line) => line.trim() !== "") ?? "";
  return { name: JSON.parse(name), mediaType, bytes: Number(bytes), firstLine };
}

/** Whether a text describes a file, and is not something the user wrote. */
export function isFileText(text: string): boolean {
  return /^<file name="/.test(text) && /(\/>|<\/file>)$/.test(text);
}
