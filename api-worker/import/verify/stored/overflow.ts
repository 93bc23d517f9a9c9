/**
 * Messages that are too large for a row: the target has their beginning, and a file with the whole message.
 * Such a message is compared by what stands in the file.
 */
import { hash } from "node:crypto";
import type { Target } from "../../model.ts";
import {
  canonicalJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
  readJson,
} from "../canonical-json.ts";
import { type Atom, atomsOf, textOfAtom, without } from "../expect/atoms.ts";
import { uploadIdFor } from "../expect/derived-id.ts";
import { storable } from "../expect/text-values.ts";

/** Below this, no message needs a file. */
export const largeMessageBytes = 500_000;
const fileNames: readonly (Json | undefined)[] = ["Message.txt", "Message.json"];

/** What a message says, whatever its files have become. */
export function overflowForm(atoms: readonly Atom[]): string {
  const isText = (atom: Atom) => atom.kind === "text" && atom.content.length === 1;
  const text = atoms.every(isText) ? joinedTexts(atoms) : atoms.map(textOf).join(",\n");
  return canonicalJson(["too large", hash("sha256", text, "hex")]);
}

function joinedTexts(atoms: readonly Atom[]): string {
  return atoms.map((atom) => (atom.kind === "text" ? String(atom.content[0]) : "")).join("\n\n");
}

function textOf(atom: Atom): string {
  if (atom.kind !== "file") return textOfAtom(atom);
  const { url, name, mediaType } = atom;
  const address = url !== null && /^https?:/i.test(url) ? url : null;
  return canonicalJson(["file", address, name, mediaType]);
}

/** About how many bytes the parts of a message have. */
export function sizeOfAtoms(atoms: readonly Atom[]): number {
  return atoms.reduce((sum, atom) => {
    return sum + (atom.kind === "file" ? 4_000 : sizeOf(atom.content));
  }, 0);
}

function sizeOf(value: Json): number {
  if (typeof value === "string") return value.length;
  if (isList(value)) return value.reduce((sum: number, one) => sum + sizeOf(one), 1);
  if (!isObject(value)) return 8;
  return Object.entries(value).reduce(
    (sum, [name, one]) => sum + name.length + sizeOf(one ?? null),
    1,
  );
}

interface StoredMessage {
  readonly userId: string;
  readonly id: string;
  readonly parts: string;
}

export interface Overflow {
  readonly uploadId: string;
  /** The message in the form of {@link overflowForm}, or what is wrong with it. */
  readonly form: string;
}

/** Reads the file of a message that is too large; null for any other message. */
export async function readOverflow(
  target: Target,
  { userId, id, parts }: StoredMessage,
): Promise<Overflow | null> {
  if (!parts.includes('"Message.')) return null;
  const list = partsOf(parts);
  const part = list.find(({ type, filename }) => type === "file" && fileNames.includes(filename));
  const uploadId = typeof part?.url === "string" ? part.url.slice("/files/".length) : "";
  if (!part || uploadId === "") return null;
  const bytes = await target.files.get(`uploads/${uploadId}`);
  const text = bytes === null ? null : Buffer.from(bytes).toString("utf8");
  if (text === null) return { uploadId, form: `too large, and the file ${uploadId} is missing` };
  const digest = hash("sha256", text, "hex").slice(0, 32);
  const isOwn = uploadId === uploadIdFor(userId, `overflow:message/${id}/${digest}`);
  return isOwn ? { uploadId, form: formOf(list, part, text) } : null;
}

function partsOf(json: string): readonly JsonObject[] {
  try {
    const parts = readJson(json);
    return isList(parts) ? parts.filter(isObject) : [];
  } catch {
    return [];
  }
}

function formOf(parts: readonly JsonObject[], file: JsonObject, text: string): string {
  const atoms = file.filename === "Message.txt" ? [plainText(text)] : atomsInFile(text);
  const [first] = parts;
  const beginning = first?.type === "text" ? String(first.text) : null;
  const isBeginning =
    beginning === null ||
    (beginning.endsWith("…") &&
      joinedTexts(atoms.filter(isSaid)).startsWith(beginning.slice(0, -1)));
  const rest = parts.filter((part) => part !== file && (beginning === null || part !== first));
  const isFile = ({ type }: JsonObject) => type === "file" || type === "data-foreign-file";
  const alleato = isObject(file.providerMetadata) ? file.providerMetadata.alleato : null;
  const isRight =
    isBeginning &&
    rest.every(isFile) &&
    isObject(alleato) &&
    alleato.bytes === Buffer.byteLength(text) &&
    (beginning === null || Object.keys(without(first ?? {}, ["text"])).length === 0);
  return isRight ? overflowForm(atoms) : `too large, and its parts are not those of its file`;
}

function isSaid(atom: Atom): boolean {
  return atom.kind === "text";
}

function plainText(text: string): Atom {
  return { kind: "text", content: [text] };
}

function atomsInFile(text: string): readonly Atom[] {
  try {
    const parts = readJson(text);
    return isList(parts) ? parts.flatMap(atomsInPart) : [];
  } catch {
    return [];
  }
}

/** A file whose bytes were in its address is named without the address. */
function atomsInPart(part: Json): readonly Atom[] {
  if (!isObject(part) || part.type !== "file" || part.url !== null) return atomsOf(part);
  const { filename, mediaType = null } = part;
  const name = typeof filename === "string" ? filename : "";
  const type = typeof mediaType === "string" ? mediaType : null;
  return [{ kind: "file", url: null, name: storable(name), mediaType: type }];
}
