/** The parts of a message as one text, in which both sides are compared. */
import {
  canonicalJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
  readJson,
} from "../canonical-json.ts";
import {
  type Atom,
  atomsOf,
  type ContentAtom,
  isEmpty,
  legacyAtom,
  textOfAtom,
  textOfJson,
  without,
} from "./atoms.ts";
import type { UploadFacts } from "./context.ts";
import { idHere, uploadIdFor } from "./derived-id.ts";
import { nameInAddress, shownName } from "./file-names.ts";

/** The parts that the source asks for. */
export function expectedParts(
  atoms: readonly Atom[],
  userId: string,
  uploads: ReadonlyMap<string, UploadFacts>,
): { readonly text: string; readonly uploadIds: readonly string[] } {
  const uploadIds = new Set<string>();
  const texts = atoms.map((atom) => {
    if (atom.kind !== "file") return textOfAtom(atom);
    const id = uploadIdFor(userId, atom.url ?? "");
    const upload = uploads.get(`${userId} ${id}`);
    if (upload) uploadIds.add(id);
    return upload
      ? storedText(id, shownName(atom.name || upload.name, "File"), upload)
      : foreignText(atom);
  });
  return { text: wholeText(texts), uploadIds: [...uploadIds] };
}

function storedText(
  id: string,
  name: string,
  { mediaType, bytes, width, height }: UploadFacts,
): string {
  const hasSize = width !== null && height !== null && /^image\//.test(mediaType ?? "");
  const alleato = { bytes, ...(hasSize && { width, height }) };
  return canonicalJson(["file", id, name, mediaType, alleato]);
}

function foreignText({ url, name, mediaType }: Extract<Atom, { kind: "file" }>): string {
  const address = /^https?:/i.test(url ?? "") ? (URL.parse(url ?? "")?.href ?? null) : null;
  const shown = shownName(name || nameInAddress(url ?? ""), "File");
  return canonicalJson(["foreign", address, shown, mediaType?.slice(0, 200) ?? null]);
}

function wholeText(texts: readonly string[]): string {
  return `[${texts.join(",\n")}]`;
}

/** The parts that a row of the target has, in the same form. */
export function storedParts(json: string): string {
  let parts: Json;
  try {
    parts = readJson(json);
  } catch {
    return `not JSON: ${json}`;
  }
  if (!isList(parts)) return `no list: ${canonicalJson(parts)}`;
  const atoms: StoredAtom[] = [];
  for (const part of parts) addStored(part, atoms);
  return wholeText(atoms.map((atom) => (typeof atom === "string" ? atom : textOfAtom(atom))));
}

/** Text for a part that is in its last form. */
type StoredAtom = ContentAtom | string;

function addStored(part: Json, atoms: StoredAtom[]): void {
  if (!isObject(part)) {
    atoms.push(wrong(part));
    return;
  }
  if (part.type === "data-legacy") addLegacy(part, atoms);
  else if (part.type === "data-foreign-file") atoms.push(storedForeign(part));
  else if (part.type === "file") atoms.push(storedFile(part));
  else if (part.type !== "data-document") addRead(part, atoms);
  else if (!isCardOf(part, atoms)) atoms.push(wrong(part));
}

/** Files have parts of their own in the target. */
function addRead(part: JsonObject, atoms: StoredAtom[]): void {
  for (const atom of atomsOf(part)) atoms.push(atom.kind === "file" ? wrong(part) : atom);
}

/** A part that no conversion makes. */
function wrong(part: Json): string {
  return canonicalJson(["not expected", part]);
}

function storedFile(part: JsonObject): string {
  const { url, filename = null, mediaType = null, providerMetadata, ...others } = part;
  const alleato = isObject(providerMetadata) ? providerMetadata.alleato : undefined;
  const isOurs =
    typeof url === "string" &&
    url.startsWith("/files/") &&
    isObject(alleato) &&
    isObject(providerMetadata) &&
    isEmpty(without(providerMetadata, ["alleato"])) &&
    isEmpty(without(others, []));
  if (!isOurs) return wrong(part);
  return canonicalJson(["file", url.slice("/files/".length), filename, mediaType, alleato]);
}

function storedForeign(part: JsonObject): string {
  const data = part.data;
  if (!isObject(data) || !isEmpty(without(part, ["data"]))) return wrong(part);
  const { filename = null, mediaType = null, url = null, reason, ...others } = data;
  // Why it is not stored is a sentence of the import.
  if (!isEmpty(others) || typeof reason !== "string" || reason === "") return wrong(part);
  return canonicalJson(["foreign", url, filename, mediaType]);
}

/**
 * What is kept as it was is read like the source's part: where it says what a part could have said,
 * it counts as that, and nothing was lost.
 */
function addLegacy(part: JsonObject, atoms: StoredAtom[]): void {
  const data = part.data;
  const isWhole = isObject(data) && isEmpty(without(part, ["data"]));
  if (!isWhole || typeof data.json !== "string" || !isNameOf(data)) {
    atoms.push(wrong(part));
    return;
  }
  const raw = rawOf(data.json);
  const read = isObject(raw) && typeof raw.type === "string" ? atomsOf(raw) : [];
  const isRead = read[0] !== undefined && read[0].kind !== "legacy" && read[0].kind !== "file";
  if (!isRead) {
    atoms.push(legacyAtom(typeof raw === "string" ? data.json : raw));
    return;
  }
  // The least of a part may stand before the whole of it.
  const [first] = read.filter((atom) => atom.kind !== "file");
  const before = atoms.at(-1);
  const isLeast =
    typeof before === "object" &&
    before.kind === first?.kind &&
    before.content.length === 1 &&
    before.content[0] === first.content[0];
  if (isLeast) atoms.pop();
  for (const atom of read) if (atom.kind !== "file") atoms.push(atom);
}

function rawOf(json: string): Json {
  try {
    return readJson(textOfJson(json));
  } catch {
    return json;
  }
}

/** Names that the import gives to what has no type of its own. */
const ownNames: ReadonlySet<string> = new Set([
  ...["part", "attachment", "attachments", "message", "messages", "parts", "content"],
  ...["tool-invocation"],
]);

/** Whether the name of something kept is its type, its role, or one of the import's own names. */
function isNameOf({ type, json, ...others }: JsonObject): boolean {
  if (typeof type !== "string" || typeof json !== "string" || !isEmpty(others)) return false;
  if (ownNames.has(type)) return true;
  const raw = rawOf(json);
  if (!isObject(raw)) return false;
  return (
    [raw.type, raw.role].some((name) => typeof name === "string" && name.startsWith(type)) ||
    (/^[\w-]+$/.test(type) && !("type" in raw))
  );
}

const documentTools: Readonly<Record<string, string>> = {
  createDocument: "create",
  updateDocument: "update",
  editDocument: "edit",
  requestSuggestions: "suggest",
};

/**
 * Whether a card belongs to the call before it. What it says of the document's versions is checked
 * against the documents (see `checks/document-links.ts`).
 */
function isCardOf(part: JsonObject, atoms: readonly StoredAtom[]): boolean {
  const { id, data, ...others } = part;
  const call = atoms.at(-1);
  if (!isObject(data) || typeof call !== "object" || call.kind !== "tool") return false;
  const [name, callId, input, end] = call.content;
  const output = isList(end ?? null) && isList(end) && end[0] === "output" ? end[1] : null;
  const named = isObject(output ?? null) && isObject(output) ? output.id : undefined;
  const given =
    isObject(input ?? null) && isObject(input) ? (input.documentId ?? input.id) : undefined;
  const known = [
    "documentId",
    "kind",
    "title",
    "language",
    "action",
    "state",
    "version",
    "baseVersion",
    "suggestionCount",
  ];
  return (
    id === callId &&
    data.action === documentTools[String(name)] &&
    data.state === "complete" &&
    isHere(data.documentId, named ?? given) &&
    isEmpty(without(others, [])) &&
    Object.keys(data).every((field) => known.includes(field))
  );
}

function isHere(documentId: Json | undefined, sourceId: Json | undefined): boolean {
  return typeof sourceId === "string" && documentId === idHere(sourceId, "document");
}
