/**
 * The common form in which the parts of a message are compared: atoms, which say what a part says and
 * not in which age's words. The parts of every age of the AI SDK, and those of the target, are read
 * into the same atoms. Fields that no rule knows are an atom of their own, so that nothing that stands
 * in a part goes unseen.
 */
import {
  canonicalJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
  readJson,
} from "../canonical-json.ts";
import { storableJson } from "./text-values.ts";

/** A file as a message names it. */
export interface FileAtom {
  readonly kind: "file";
  /** The address at the source, or in the target `/files/…`. */
  readonly url: string | null;
  /** "" for none. */
  readonly name: string;
  readonly mediaType: string | null;
}

/** Anything else: its kind and what it says. */
export interface ContentAtom {
  readonly kind: "text" | "reasoning" | "tool" | "source" | "data" | "legacy";
  readonly content: readonly Json[];
  /** Of a tool's call: whose it is. */
  readonly callId?: string;
}

export type Atom = FileAtom | ContentAtom;

/** Reads a part of any age. A part that says nothing has no atom. */
export function atomsOf(part: Json): readonly Atom[] {
  if (typeof part === "string") return textAtom(part);
  if (!isObject(part) || typeof part.type !== "string") return [legacyAtom(part)];
  const { type } = part;
  return readTyped(type, part) ?? [legacyAtom(part)];
}

function readTyped(type: string, part: JsonObject): readonly Atom[] | null {
  switch (type) {
    case "text":
      return typeof part.text === "string" ? textAtoms(part.text, without(part, ["text"])) : null;
    case "reasoning":
      return reasoningAtoms(part);
    case "redacted-reasoning":
      return typeof part.data === "string" ? [redacted(part.data)] : null;
    case "source":
      return isObject(part.source) ? oldSource(part.source) : null;
    case "source-url":
    case "source-document":
      return sourceAtoms(type, part);
    case "step-start":
      return [];
    case "file":
    case "image":
      return fileAtoms(part);
    case "tool-invocation":
      return isObject(part.toolInvocation) ? oldCall(part.toolInvocation) : null;
    default:
      return readOther(type, part);
  }
}

function readOther(type: string, part: JsonObject): readonly Atom[] | null {
  const isOldPiece = typeof part.toolName === "string" || typeof part.state !== "string";
  if (type === "tool-call" && isOldPiece) return oldCall(part);
  if (type === "tool-result" && isOldPiece) return oldResult(part);
  if (type === "dynamic-tool" || type.startsWith("tool-")) return callAtom(type, part);
  if (/^data-[\w-]{1,80}$/.test(type)) return dataAtoms(type, part);
  return null;
}

function textAtom(text: string, rest: JsonObject = {}): readonly Atom[] {
  const extra = settled(rest);
  if (text === "" && isEmpty(extra)) return [];
  return [{ kind: "text", content: isEmpty(extra) ? [text] : [text, extra] }];
}

function textAtoms(text: string, fields: JsonObject): readonly Atom[] {
  const { known, others } = divided(fields, ["state", "citations", "providerMetadata"]);
  return [...textAtom(text, known), ...others];
}

/** The fields that a kind of part has, and an atom for those that it does not have. */
function divided(fields: JsonObject, names: readonly string[]) {
  const others = without(fields, names);
  return {
    known: without(fields, Object.keys(others)),
    others: isEmpty(others) ? [] : [legacyAtom(others)],
  };
}

/** Without what only says that a part has come to its end. */
function settled(rest: JsonObject): JsonObject {
  const isState = rest.state === "done" || rest.state === "streaming";
  return isState ? without(rest, ["state"]) : rest;
}

function reasoningAtoms(part: JsonObject): readonly Atom[] | null {
  const { text, reasoning, details } = part;
  if (typeof text === "string") {
    const names = ["id", "state", "providerMetadata"];
    const { known, others } = divided(without(part, ["text"]), names);
    const extra = settled(known);
    return [{ kind: "reasoning", content: isEmpty(extra) ? [text] : [text, extra] }, ...others];
  }
  return oldReasoning(part, reasoning, isList(details) ? details : []);
}

/** Version 4: the whole text, and its pieces with signatures. */
function oldReasoning(part: JsonObject, whole: Json | undefined, details: readonly Json[]) {
  const pieces = details.map(pieceOf);
  const told = pieces.map((piece) => piece?.content[0] ?? "").join("");
  const isComplete = pieces.length > 0 && pieces.every((piece) => piece !== null);
  if (isComplete && (typeof whole !== "string" || whole === told)) {
    return pieces.filter((piece) => piece !== null);
  }
  if (typeof whole !== "string") return null;
  // The template wrote this word where a model gave no reasoning.
  if (whole === "undefined" && details.length === 0) return [];
  const atom: Atom = { kind: "reasoning", content: [whole] };
  return details.length === 0 ? [atom] : [atom, legacyAtom(part)];
}

function pieceOf(detail: Json): ContentAtom | null {
  if (!isObject(detail)) return null;
  const { type, text, signature, data } = detail;
  if (type === "redacted" && typeof data === "string") return redacted(data);
  if (type !== "text" || typeof text !== "string") return null;
  if (typeof signature !== "string") return { kind: "reasoning", content: [text] };
  const extra = { providerMetadata: { anthropic: { signature } } };
  return { kind: "reasoning", content: [text, extra] };
}

function redacted(redactedData: string): ContentAtom {
  return {
    kind: "reasoning",
    content: ["", { providerMetadata: { anthropic: { redactedData } } }],
  };
}

function oldSource({ sourceType, id, ...fields }: JsonObject): readonly Atom[] {
  const type = sourceType === "document" ? "source-document" : "source-url";
  return sourceAtoms(type, { ...fields, sourceId: id });
}

const sourceFields: Readonly<Record<string, readonly string[]>> = {
  "source-url": ["sourceId", "url", "title", "providerMetadata"],
  "source-document": ["sourceId", "mediaType", "title", "filename", "providerMetadata"],
};

function sourceAtoms(type: string, part: JsonObject): readonly Atom[] {
  const { known, others } = divided(part, sourceFields[type] ?? []);
  return [{ kind: "source", content: [type, without(known, [])] }, ...others];
}

/** The sentences that stand in place of the result of a call that had none when it was copied. */
const openSentences: ReadonlySet<Json | undefined> = new Set([
  "This tool call hadn’t finished when the chat was moved here.",
  "This tool call was waiting for approval when the chat was moved here, so it didn’t run.",
]);

/** A call of version 5 or later, or of the target. */
function callAtom(type: string, part: JsonObject): readonly Atom[] | null {
  const name = type === "dynamic-tool" ? part.toolName : type.slice("tool-".length);
  const { toolCallId, state, input, output, errorText, approval } = part;
  if (typeof name !== "string" || typeof toolCallId !== "string") return null;
  const read = ["toolName", "toolCallId", "state", "input", "output", "errorText", "approval"];
  // A field that a part of another state or kind has.
  const stray = {
    ...(state !== "output-available" && { output }),
    ...(state !== "output-error" && { errorText }),
    ...(type !== "dynamic-tool" && { toolName: part.toolName }),
  };
  const { known: rest, others } = divided({ ...without(part, read), ...stray }, callFields);
  const isDenied =
    state === "output-denied" ||
    (state === "approval-responded" && isObject(approval) && approval.approved === false);
  const ended = (...end: readonly Json[]) => [
    toolAtom(name, toolCallId, input, end, rest),
    ...others,
  ];
  const approved = approval === undefined ? [] : [approval];
  if (isDenied) return ended("denied", approval ?? null);
  if (state === "output-available") return ended("output", output ?? null, ...approved);
  if (state === "output-error" && !openSentences.has(errorText)) {
    return ended("error", errorText ?? null, ...approved);
  }
  return typeof state === "string" && openStates.has(state) ? ended("open") : null;
}

/** What a call may say beside its name, its id, its input and its end. */
const callFields = [
  ...["title", "toolMetadata", "rawInput", "inputEncoding", "providerExecuted", "dynamic"],
  ...["callProviderMetadata", "resultProviderMetadata", "preliminary"],
];

const openStates: ReadonlySet<string> = new Set([
  ...["input-streaming", "input-available", "approval-requested", "approval-responded"],
  "output-error",
]);

/** A call of version 4, with its result in it or without one. */
function oldCall(call: JsonObject): readonly Atom[] | null {
  const { toolName, toolCallId, args, input, state, result } = call;
  if (typeof toolName !== "string" || typeof toolCallId !== "string") return null;
  const known = ["toolName", "toolCallId", "args", "input", "state", "step", "result"];
  const end = state === "result" ? ["output", result ?? null] : ["open"];
  const { others } = divided(without(call, known), []);
  return [toolAtom(toolName, toolCallId, input ?? args, end, {}), ...others];
}

function oldResult(piece: JsonObject): readonly Atom[] | null {
  const { toolName, toolCallId, args, input } = piece;
  if (typeof toolName !== "string" || typeof toolCallId !== "string") return null;
  const known = ["toolName", "toolCallId", "args", "input", "result", "output", "isError"];
  const { others } = divided(without(piece, known), []);
  return [toolAtom(toolName, toolCallId, input ?? args, endOf(piece), {}), ...others];
}

/** How a call ended, by the piece with its result. Version 5 says in the output what it is. */
export function endOf({ result, output, isError }: JsonObject): readonly Json[] {
  const isTyped = isObject(output) && typeof output.type === "string" && "value" in output;
  const value = (isTyped ? output.value : (output ?? result)) ?? null;
  const hasFailed = isTyped ? String(output.type).startsWith("error-") : isError === true;
  if (!hasFailed) return ["output", value];
  return ["error", typeof value === "string" ? value : canonicalJson(value ?? "It failed.")];
}

function toolAtom(
  name: string,
  callId: string,
  input: Json | undefined,
  end: readonly Json[],
  rest: JsonObject,
): ContentAtom {
  const content = [name, callId, input ?? null, end, ...(isEmpty(rest) ? [] : [rest])];
  return { kind: "tool", content, callId };
}

/** The call with the end that a later message tells. */
export function endCall(call: ContentAtom, end: readonly Json[]): ContentAtom {
  return { ...call, content: call.content.map((item, index) => (index === 3 ? end : item)) };
}

export function isOpenCall({
  kind,
  content,
}: Atom & { readonly content?: readonly Json[] }): boolean {
  const end = content?.[3];
  return kind === "tool" && isList(end) && end[0] === "open";
}

/** A file of any age, and what else its part says. null for one whose address leads nowhere. */
export function fileAtoms(part: JsonObject): readonly Atom[] | null {
  const mediaType = firstText(part.mediaType, part.mimeType, part.contentType);
  const content = part.url ?? part.data ?? part.image;
  const url = addressOf(content, mediaType, part.type === "image");
  if (url === null) return null;
  const known = [
    "mediaType",
    "mimeType",
    "contentType",
    "url",
    "data",
    "image",
    "filename",
    "name",
  ];
  const name = firstText(part.filename, part.name) ?? "";
  const { others } = divided(without(part, known), []);
  return [{ kind: "file", url, name, mediaType }, ...others];
}

function firstText(...values: readonly (Json | undefined)[]): string | null {
  const found = values.find((value) => typeof value === "string" && value !== "");
  return typeof found === "string" ? found : null;
}

function addressOf(content: Json | undefined, mediaType: string | null, isImage: boolean) {
  const type = mediaType ?? (isImage ? "image/png" : "application/octet-stream");
  if (isObject(content) && isList(content.data)) {
    const bytes = content.data.filter((byte) => typeof byte === "number" && Number.isInteger(byte));
    return `data:${type};base64,${Buffer.from(bytes as number[]).toString("base64")}`;
  }
  if (typeof content !== "string") return null;
  const text = content.trim();
  if (/^https?:\/\//i.test(text)) return URL.canParse(text) ? text : null;
  if (/^data:/i.test(text) || text.startsWith("/files/")) return text;
  const isBase64 = /^(?!\/)[\w+/\s-]+={0,2}$/.test(text) || text.startsWith("/9j/");
  return isBase64 ? `data:${type};base64,${text}` : null;
}

function dataAtoms(type: string, part: JsonObject): readonly Atom[] {
  const { known, others } = divided(part, ["id", "data"]);
  return [{ kind: "data", content: [type, without(known, [])] }, ...others];
}

/** A part that is kept as it was. Its JSON is compared as one text, without regard to how it is written. */
export function legacyAtom(value: Json): ContentAtom {
  return {
    kind: "legacy",
    content: [typeof value === "string" ? textOfJson(value) : canonicalJson(value)],
  };
}

/** JSON in its one form; a text that is no JSON as it is. */
export function textOfJson(text: string): string {
  try {
    return canonicalJson(storableJson(readJson(text)));
  } catch {
    return text;
  }
}

/** The fields of a part that are not read, without its type. */
export function without(part: JsonObject, names: readonly string[]): JsonObject {
  const fields = Object.entries(part).filter(([name, value]) => {
    return name !== "type" && value !== undefined && !names.includes(name);
  });
  return Object.fromEntries(fields);
}

export function isEmpty(fields: JsonObject): boolean {
  return Object.keys(fields).length === 0;
}

/** The text of an atom in the comparison. */
export function textOfAtom(atom: ContentAtom): string {
  return canonicalJson([atom.kind, ...atom.content]);
}
