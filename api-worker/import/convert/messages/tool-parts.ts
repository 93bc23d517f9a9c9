/** Tool calls of every age. */
import type { MessagePart } from "../../../src/contracts/message-parts.ts";
import type { Note } from "../context.ts";
import { isRecord } from "../values.ts";
import { type Draft, keptFields, knownPart, otherFields } from "./drafts.ts";

/** A call with or without its result, of the ages that had results beside their calls. */
export interface OldCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

const notFinished = "This tool call hadn’t finished when the chat was moved here.";
const notApproved =
  "This tool call was waiting for approval when the chat was moved here, so it didn’t run.";

/** A call that never got a result. */
export function openCall(call: OldCall): MessagePart {
  return { ...baseOf(call), state: "output-error", errorText: notFinished };
}

/** A call with its result. */
export function doneCall(call: OldCall, output: unknown, isError: boolean): MessagePart {
  if (!isError) return { ...baseOf(call), state: "output-available", output: output ?? null };
  const errorText = typeof output === "string" ? output : JSON.stringify(output ?? "It failed.");
  return { ...baseOf(call), state: "output-error", errorText };
}

function baseOf({ toolCallId, toolName, input }: OldCall): MessagePart {
  const isOwnKind = /^[\w-]{1,80}$/.test(toolName);
  const kind = isOwnKind ? { type: `tool-${toolName}` } : { type: "dynamic-tool", toolName };
  return { ...kind, toolCallId, ...(input !== undefined && { input }) };
}

/** Reads the call of a `tool-call` or a `tool-invocation`: its arguments have two names. */
export function readCall(raw: unknown): OldCall | null {
  if (!isRecord(raw)) return null;
  const { toolCallId, toolName, args, input } = raw;
  if (typeof toolCallId !== "string" || typeof toolName !== "string") return null;
  return { toolCallId, toolName, input: input ?? args };
}

/** Reads the result of a `tool-result`; a newer one says in its output what it is. */
export function readResult(raw: Readonly<Record<string, unknown>>): {
  readonly output: unknown;
  readonly isError: boolean;
} {
  const { result, output, isError } = raw;
  if (isRecord(output) && typeof output.type === "string" && "value" in output) {
    return { output: output.value, isError: output.type.startsWith("error-") };
  }
  return { output: output ?? result, isError: isError === true };
}

/** The fields of a `tool-call` and a `tool-invocation` that a part is made of. */
export const callFields = ["toolCallId", "toolName", "args", "input", "state", "step", "result"];
/** The same of a `tool-result`. */
export const resultFields = [
  ...["toolCallId", "toolName", "args", "input", "result", "output", "isError"],
];

/** Reads a `tool-invocation` of version 4; null for one that is not as it should be. */
export function readInvocation(raw: unknown, note: Note): readonly Draft[] | null {
  const call = readCall(raw);
  if (!call || !isRecord(raw)) return null;
  const isDone = raw.state === "result";
  const part = knownPart(isDone ? doneCall(call, raw.result, false) : openCall(call));
  return part && [part, ...keptFields("tool-invocation", otherFields(raw, callFields), note)];
}

const endStates: ReadonlySet<unknown> = new Set([
  "output-available",
  "output-error",
  "output-denied",
]);

/** A call of version 5 or later. One without an end gets one, as in an import of a file. */
export function endedCall(part: MessagePart): MessagePart {
  if (endStates.has(part.state)) return part;
  const { approval, ...call } = part;
  const isDenied = isRecord(approval) && approval.approved === false;
  if (isDenied) return { ...call, state: "output-denied", approval };
  const errorText = part.state === "approval-requested" ? notApproved : notFinished;
  return { ...call, state: "output-error", errorText };
}
