/** Reads parts of messages, of every age of the AI SDK, as today's. */
import { dataPartOf, type MessagePart } from "../../../src/contracts/message-parts.ts";
import type { Note } from "../context.ts";
import { isRecord } from "../values.ts";
import {
  type Draft,
  keptFields,
  knownPart,
  legacyPart,
  otherFields,
  SourceFile,
} from "./drafts.ts";
import { otherFileFields, readFile } from "./file-parts.ts";
import {
  callFields,
  doneCall,
  endedCall,
  openCall,
  readCall,
  readInvocation,
  readResult,
  resultFields,
} from "./tool-parts.ts";

type Raw = MessagePart;

/** Reads the parts of one message. A result among them belongs to its call. */
export function readParts(raws: readonly unknown[], note: Note): Draft[] {
  const drafts = raws.flatMap((raw) => readPart(raw, note));
  const isPiece = (raw: unknown) => isRecord(raw) && raw.type === "tool-result";
  return raws.some(isPiece) ? withResults(raws.filter(isPiece), drafts) : drafts;
}

function withResults(pieces: readonly unknown[], drafts: readonly Draft[]): Draft[] {
  const ids = new Set(pieces.map((piece) => readCall(piece)?.toolCallId));
  const joined: Draft[] = [];
  const calls = new Map<unknown, number>();
  for (const draft of drafts) {
    const part = draft instanceof SourceFile ? null : draft;
    const at = calls.get(part?.toolCallId);
    const call = at === undefined ? undefined : joined[at];
    const isResult = part !== null && !("input" in part) && ids.has(String(part.toolCallId));
    if (at !== undefined && isResult && call && "input" in call) {
      joined[at] = { ...part, input: call.input };
      continue;
    }
    if (part && typeof part.toolCallId === "string") calls.set(part.toolCallId, joined.length);
    joined.push(draft);
  }
  return joined;
}

/** Reads a part. What is of no kind here stays as it was, in a part that shows its data. */
export function readPart(raw: unknown, note: Note): readonly Draft[] {
  if (typeof raw === "string") return raw === "" ? [] : [{ type: "text", text: raw }];
  if (!isRecord(raw) || typeof raw.type !== "string")
    return [legacyPart("part", raw ?? null, note)];
  const part = raw as Raw;
  const read = Object.hasOwn(readers, part.type) ? readers[part.type] : readOther;
  return read?.(part, note) ?? readOther(part, note) ?? [legacyPart(part.type, part, note)];
}

/** Returns null for a part that is not as its kind should be. */
type Reader = (raw: Raw, note: Note) => readonly Draft[] | null;

const readers: Readonly<Record<string, Reader>> = {
  text: (raw, note) => {
    if (typeof raw.text !== "string") return null;
    return fitted(ended(raw), { type: "text", text: raw.text }, note);
  },
  reasoning: readReasoning,
  "redacted-reasoning": ({ data }) => (typeof data === "string" ? [redacted(data)] : null),
  source: readSource,
  "tool-invocation": ({ toolInvocation }, note) => readInvocation(toolInvocation, note),
  // The pieces of version 4's and 5's own messages; a result meets its call later.
  "tool-call": (raw, note) => {
    const call = isCurrentTool(raw) ? null : readCall(raw);
    const part = call && knownPart(openCall(call));
    return part && [part, ...keptFields(raw.type, otherFields(raw, callFields), note)];
  },
  "tool-result": (raw, note) => {
    const call = isCurrentTool(raw) ? null : readCall(raw);
    if (!call) return null;
    const { output, isError } = readResult(raw);
    const part = knownPart(doneCall({ ...call, input: undefined }, output, isError));
    return part && [part, ...keptFields(raw.type, otherFields(raw, resultFields), note)];
  },
  file: readFilePart,
  image: readFilePart,
  "step-start": () => [{ type: "step-start" }],
};

function readFilePart(raw: Raw, note: Note): readonly Draft[] | null {
  const file = readFile(raw);
  return file && [file, ...otherFileFields(raw, note)];
}

/** A part of version 5 or later, or one that its owner has added. */
function readOther(raw: Raw, note: Note): readonly Draft[] | null {
  if (raw.type === "file" || raw.type === "image") return null;
  // The product's own kinds say what the product has done, which no other program can.
  if (dataPartOf(raw.type)) return null;
  return whole(raw, note);
}

/** A part of a known kind, and beside it the fields that its kind does not have. */
function whole(raw: Raw, note: Note): readonly Draft[] | null {
  const known = knownPart(raw);
  if (!known) return null;
  const isCall = /^tool-|^dynamic-tool$/.test(raw.type);
  const others = otherFields(raw, Object.keys(known));
  return [isCall ? endedCall(known) : known, ...keptFields(raw.type, others, note)];
}

/** Whether a part is a call of a tool that is named `call` or `result`. */
function isCurrentTool({ state, toolName }: Raw): boolean {
  return typeof state === "string" && typeof toolName !== "string";
}

/** A part that will not grow any more. */
function ended(raw: Raw): Raw {
  return raw.state === "streaming" ? { ...raw, state: "done" } : raw;
}

/** The part, if its kind takes it. Otherwise what its kind takes of it, and the whole part as data. */
function fitted(raw: Raw, least: MessagePart, note: Note): readonly Draft[] {
  return whole(raw, note) ?? [least, legacyPart(raw.type, raw, note)];
}

/** Version 4 has the text under the name of the part, and pieces with signatures beside it. */
function readReasoning(raw: Raw, note: Note): readonly Draft[] | null {
  const { text, reasoning, details } = raw;
  if (typeof text === "string") {
    return fitted(ended(raw), { type: "reasoning", text }, note);
  }
  const pieces = Array.isArray(details) ? details.map(readDetail) : [];
  const isWhole = pieces.length > 0 && !pieces.includes(null);
  const joined = pieces
    .map((piece) => (typeof piece?.text === "string" ? piece.text : ""))
    .join("");
  if (isWhole && (typeof reasoning !== "string" || reasoning === joined)) {
    return pieces.filter((piece) => piece !== null);
  }
  if (typeof reasoning !== "string") return null;
  // The template wrote this word for reasoning that it did not find.
  if (reasoning === "undefined" && pieces.length === 0) return [];
  const part = { type: "reasoning", text: reasoning };
  return pieces.length === 0 ? [part] : [part, legacyPart(raw.type, raw, note)];
}

function readDetail(detail: unknown): MessagePart | null {
  if (!isRecord(detail)) return null;
  const { type, text, signature, data } = detail;
  if (type === "redacted" && typeof data === "string") return redacted(data);
  if (type !== "text" || typeof text !== "string") return null;
  const isSigned = typeof signature === "string";
  return {
    ...{ type: "reasoning", text },
    ...(isSigned && { providerMetadata: { anthropic: { signature } } }),
  };
}

function redacted(redactedData: string): MessagePart {
  return { type: "reasoning", text: "", providerMetadata: { anthropic: { redactedData } } };
}

/** A `source` of version 4. */
function readSource({ source }: Raw, note: Note): readonly Draft[] | null {
  if (!isRecord(source)) return null;
  const { sourceType, id: sourceId, ...fields } = source;
  const type = sourceType === "document" ? "source-document" : "source-url";
  return whole({ ...fields, type, sourceId }, note);
}
