/** Reads the messages of a chat from wherever a state of the template has them. */
import type { RawRow } from "../../model.ts";
import { isList, isObject, type Json, type JsonObject } from "../canonical-json.ts";
import { Answer } from "./answer.ts";
import { type Atom, atomsOf, fileAtoms, isEmpty, legacyAtom } from "./atoms.ts";
import { readColumn } from "./text-values.ts";
import { readMicros } from "./times.ts";

/** A message as it was said, in the common form. */
export interface Spoken {
  readonly place: "v2" | "v1" | "inline";
  /** Ids of the rows that it is made of; the first is its own. */
  readonly sourceIds: readonly string[];
  readonly role: "user" | "assistant";
  readonly micros: number | null;
  readonly atoms: readonly Atom[];
}

/** Rows of `Message_v2`, in order: by time, a question before answers of the same time. */
export function spokenInRows(rows: readonly RawRow[], zone: string): readonly Spoken[] {
  const timed = rows.map((row) => ({
    row,
    micros: readMicros(row.createdAt, zone),
    rank: row.role === "user" ? 0 : 1,
  }));
  return sorted(timed).map(({ row, micros }) => ({
    place: "v2",
    sourceIds: [row.id ?? ""],
    role: row.role === "user" ? "user" : "assistant",
    micros,
    atoms: atomsOfRow(row),
  }));
}

function atomsOfRow(row: RawRow): readonly Atom[] {
  const role = row.role ?? "";
  const [parts, attachments] = [readColumn(row.parts), readColumn(row.attachments)];
  if (role !== "user" && role !== "assistant") return [legacyAtom({ role, parts, attachments })];
  const atoms = listOf(parts).flatMap(atomsOf);
  return [...attachedFiles(attachments, atoms), ...atoms];
}

function listOf(value: Json): readonly Json[] {
  if (isList(value)) return value;
  return value === null ? [] : [value];
}

/** Attachments that the parts do not show already. */
export function attachedFiles(attachments: Json, atoms: readonly Atom[]): readonly Atom[] {
  const shown = new Set(atoms.flatMap((atom) => (atom.kind === "file" ? [atom.url] : [])));
  return listOf(attachments).flatMap((raw): readonly Atom[] => {
    const read = isObject(raw) ? fileAtoms(raw) : null;
    const [file] = read ?? [];
    if (!read || file?.kind !== "file") return [legacyAtom(raw)];
    if (shown.has(file.url)) return [];
    shown.add(file.url);
    return read;
  });
}

interface Loose {
  readonly id: string;
  readonly role: string;
  readonly micros: number | null;
  readonly fields: JsonObject;
}

/** Rows of `Message`, in order, with the rows of an answer as one message. */
export function spokenInOldRows(rows: readonly RawRow[], zone: string): readonly Spoken[] {
  const timed = rows.map((row) => {
    const role = row.role ?? "";
    const content = readColumn(row.content);
    const loose: Loose = {
      ...{ id: row.id ?? "", role, micros: readMicros(row.createdAt, zone) },
      fields: { content },
    };
    return { loose, micros: loose.micros, rank: rankOf(role, content) };
  });
  return joined(
    sorted(timed).map(({ loose }) => loose),
    "v1",
    true,
  );
}

/** Of one time: the question, the answer's calls, their results, its last text. */
function rankOf(role: string, content: Json): number {
  if (role === "user") return 0;
  const has = (type: string) =>
    isList(content) && content.some((piece) => isObject(piece) && piece.type === type);
  if (role === "assistant" && has("tool-call")) return 1;
  return role === "tool" && has("tool-result") ? 2 : 3;
}

/** The messages in `Chat.messages`. The first state wrote JSON into JSON. */
export function spokenInline(text: string | null | undefined, zone: string): readonly Spoken[] {
  const outer = readColumn(text);
  const value = typeof outer === "string" ? readColumn(outer) : outer;
  const loose = listOf(value === "" ? null : value).map((raw, index): Loose => {
    const fields = isObject(raw) ? raw : { content: raw };
    return {
      id: typeof fields.id === "string" && fields.id !== "" ? fields.id : `#${index}`,
      role: typeof fields.role === "string" ? fields.role : "",
      micros: timeInJson(fields.createdAt, zone),
      fields,
    };
  });
  const isOfModel = loose.some(({ role, fields }) => role === "tool" || isList(fields.content));
  return joined(loose, "inline", isOfModel);
}

function timeInJson(value: Json | undefined, zone: string): number | null {
  if (typeof value === "string") return readMicros(value, zone);
  const isTime = typeof value === "number" && value >= 0 && value <= 8_640_000_000_000_000;
  return isTime ? Math.floor(value) * 1_000 : null;
}

/** Rows without a time stay behind the row before them. */
function sorted<Row extends { readonly micros: number | null; readonly rank: number }>(
  rows: readonly Row[],
): readonly Row[] {
  let last = 0;
  const placed = rows.map((row) => {
    last = row.micros ?? last;
    return { row, at: last };
  });
  return placed.sort((a, b) => a.at - b.at || a.row.rank - b.row.rank).map(({ row }) => row);
}

/** Makes one message of the rows of each answer. @param isSplit whether its steps are rows */
function joined(
  messages: readonly Loose[],
  place: "v1" | "inline",
  isSplit: boolean,
): readonly Spoken[] {
  const spoken: Spoken[] = [];
  let answer: { first: Loose; ids: string[]; content: Answer } | null = null;
  const close = () => {
    if (answer) {
      const { first, ids, content } = answer;
      const { micros } = first;
      spoken.push({ place, sourceIds: ids, role: "assistant", micros, atoms: content.atoms });
    }
    answer = null;
  };
  for (const message of messages) {
    const { id, role, micros, fields } = message;
    if (role === "assistant" || role === "tool") {
      if (!isSplit && role === "assistant") close();
      answer ??= { first: message, ids: [], content: new Answer() };
      answer.ids.push(id);
      if (role === "tool") answer.content.addResults(fields);
      else answer.content.addStep(atomsOfFields(fields));
      continue;
    }
    close();
    const isQuestion = role === "user";
    spoken.push({
      ...{ place, sourceIds: [id], role: isQuestion ? "user" : "assistant", micros },
      atoms: isQuestion ? atomsOfFields(fields) : [legacyAtom(fields)],
    });
  }
  close();
  return spoken;
}

/** Fields of a message of versions 3 and 4 that atoms are made of, or that say nothing more. */
const readFields: ReadonlySet<string> = new Set([
  ...["id", "role", "createdAt", "revisionId", "content", "parts", "reasoning"],
  ...["toolInvocations", "experimental_attachments", "attachments"],
]);

function atomsOfFields(fields: JsonObject): readonly Atom[] {
  const { content = null, parts = null, reasoning, toolInvocations = null } = fields;
  const atoms = (isList(parts) ? parts : []).flatMap(atomsOf);
  const hasParts = atoms.length > 0;
  const calls = new Set(atoms.map((atom) => (atom.kind === "tool" ? atom.callId : undefined)));
  for (const raw of isList(toolInvocations) ? toolInvocations : []) {
    const read = isObject(raw) ? atomsOf({ type: "tool-invocation", toolInvocation: raw }) : [];
    const [atom] = read;
    if (atom?.kind !== "tool") atoms.push(legacyAtom(raw));
    else if (!calls.has(atom.callId)) atoms.push(...read);
  }
  const isThought = typeof reasoning === "string" && reasoning !== "" && reasoning !== "undefined";
  if (isThought && !atoms.some(({ kind }) => kind === "reasoning")) {
    atoms.push({ kind: "reasoning", content: [reasoning] });
  }
  const said = atomsOfContent(content);
  const isRepeated =
    hasParts && typeof content === "string" && squeezed(atoms).includes(squeezed(said));
  return [
    ...attachedFiles(fields.experimental_attachments ?? null, atoms),
    ...attachedFiles(fields.attachments ?? null, atoms),
    ...atoms,
    ...(isRepeated ? [] : said),
    ...leftovers(fields, readFields),
  ];
}

/** The pieces of a content. Where the template added reasoning at the end, it came first. */
function atomsOfContent(content: Json): readonly Atom[] {
  const pieces = listOf(content);
  const atoms = pieces.flatMap(atomsOf);
  const isLate = pieces.some((piece) => isObject(piece) && typeof piece.reasoning === "string");
  if (!isLate) return atoms;
  const isThought = ({ kind }: Atom) => kind === "reasoning";
  return [...atoms.filter(isThought), ...atoms.filter((atom) => !isThought(atom))];
}

/** The texts without white space. */
function squeezed(atoms: readonly Atom[]): string {
  const texts = atoms.flatMap((atom) => (atom.kind === "text" ? [String(atom.content[0])] : []));
  return texts.join("").replaceAll(/\s+/g, "");
}

/** What else a message has, if it says anything. */
export function leftovers(fields: JsonObject, known: ReadonlySet<string>): readonly Atom[] {
  const rest = Object.entries(fields).filter(([name, value]) => {
    return !known.has(name) && value !== undefined && !saysNothing(value);
  });
  const left = Object.fromEntries(rest) as JsonObject;
  return isEmpty(left) ? [] : [legacyAtom(left)];
}

/** The template's own annotations have the message's id and nothing else. */
function saysNothing(value: Json): boolean {
  if (value === null || value === "") return true;
  if (isList(value)) return value.every(saysNothing);
  return isObject(value) && Object.keys(value).every((name) => name === "messageIdFromServer");
}
