/**
 * Converts a stored message back to chunks: for the beginning of a continued answer, and for the
 * stream of an answer whose log was deleted. The inverse of `rebuild-message.ts`.
 */
import type { Chunk } from "./chunks.ts";
import type { Part } from "./rebuild-message.ts";

type ToolPart = Extract<Part, { toolCallId: string }>;

/** @returns chunks that rebuild to the same parts; without the message's start and finish */
export function chunksOfParts(parts: readonly Part[]): Chunk[] {
  return parts.flatMap((part, index) => chunksOfPart(part, keptId(index)));
}

/** The kept part of an answer, as the first chunks of its continuation. */
export interface KeptChunks {
  readonly chunks: readonly Chunk[];
  /**
   * The id of the text part that was cut off, which is left open so that it can grow; null when
   * there is none.
   */
  readonly openTextId: string | null;
}

/** @param parts the parts of an answer that ended early */
export function keepParts(parts: readonly Part[]): KeptChunks {
  const chunks = chunksOfParts(parts);
  const last = parts.findLastIndex(({ type }) => !mayFollowOpenText(type));
  if (parts[last]?.type !== "text") return { chunks, openTextId: null };
  const openTextId = keptId(last);
  return {
    chunks: chunks.filter((chunk) => chunk.type !== "text-end" || chunk.id !== openTextId),
    openTextId,
  };
}

/**
 * Whether a text that was cut off still continues when a part of this type follows it: reasoning of
 * an earlier continuation, which was about to continue the text, or the note of a restart.
 */
export function mayFollowOpenText(type: string): boolean {
  return type === "reasoning" || type === "step-start" || type === "data-restart";
}

/**
 * Joins a model's continuation to the kept parts. Its first text continues the text that was cut
 * off, even in the middle of a word, unless a tool call comes first.
 *
 * @returns a function from each chunk of the model to the chunks of the message
 */
export function joinContinuation(openTextId: string | null): (chunk: Chunk) => Chunk[] {
  let openId = openTextId;
  let joinedId: string | null = null;
  let isFirstStep = true;
  return (chunk) => {
    if (chunk.type === "start-step" && isFirstStep) {
      isFirstStep = false;
      // The kept parts already belong to a step.
      return openTextId === null ? [chunk] : [];
    }
    if (openId !== null && joinedId === null && chunk.type === "text-start") {
      joinedId = chunk.id;
      return [];
    }
    if (openId !== null && joinedId === null && chunk.type.startsWith("tool-")) {
      const end: Chunk = { type: "text-end", id: openId };
      openId = null;
      return [end, chunk];
    }
    if (openId !== null && isTextChunk(chunk) && chunk.id === joinedId) {
      const joined = { ...chunk, id: openId };
      if (chunk.type === "text-end") openId = null;
      return [joined];
    }
    return [chunk];
  };
}

function isTextChunk(chunk: Chunk): chunk is Extract<Chunk, { type: "text-delta" | "text-end" }> {
  return chunk.type === "text-delta" || chunk.type === "text-end";
}

/** No provider uses such ids, so a kept part and a new one never share one. */
function keptId(index: number): string {
  return `kept-${index}`;
}

function chunksOfPart(part: Part, id: string): Chunk[] {
  if (part.type === "text" || part.type === "reasoning") {
    const { type, text, providerMetadata } = part;
    // Reasoning keeps its id. It is closed, so the id clashes with no other part.
    const chunkId = ("id" in part && part.id) || id;
    const metadata = providerMetadata && { providerMetadata };
    const citations = "citations" in part && part.citations && { citations: part.citations };
    return [
      { type: `${type}-start`, id: chunkId, ...metadata },
      { type: `${type}-delta`, id: chunkId, delta: text },
      { type: `${type}-end`, id: chunkId, ...citations },
    ] as Chunk[];
  }
  if (part.type === "step-start") return [{ type: "start-step" }];
  if ("toolCallId" in part) return chunksOfTool(part as ToolPart);
  // Sources, files and data have the same shape as parts and as chunks.
  return [part as unknown as Chunk];
}

function chunksOfTool(part: ToolPart): Chunk[] {
  const { toolCallId, providerExecuted, title, toolMetadata, callProviderMetadata } = part;
  const isDynamic = part.type === "dynamic-tool";
  const chunks: Chunk[] = [
    {
      type: "tool-input-available",
      toolCallId,
      toolName: isDynamic ? part.toolName : part.type.slice("tool-".length),
      input: part.input,
      ...(isDynamic && part.dynamic !== false && { dynamic: true }),
      ...(providerExecuted !== undefined && { providerExecuted }),
      ...(title !== undefined && { title }),
      ...(toolMetadata !== undefined && { toolMetadata }),
      ...(callProviderMetadata && { providerMetadata: callProviderMetadata }),
    },
  ];
  const approval = "approval" in part ? part.approval : undefined;
  if (approval) {
    const { id: approvalId, isAutomatic, signature } = approval;
    chunks.push({
      type: "tool-approval-request",
      approvalId,
      toolCallId,
      ...(isAutomatic !== undefined && { isAutomatic }),
      ...(signature !== undefined && { signature }),
    });
    if (approval.approved !== undefined) {
      const { approved, reason } = approval;
      const why = reason === undefined ? {} : { reason };
      chunks.push({ type: "tool-approval-response", approvalId, approved, ...why });
    }
  }
  if (part.state === "output-available") {
    chunks.push({ type: "tool-output-available", toolCallId, output: part.output });
  } else if (part.state === "output-error") {
    chunks.push({ type: "tool-output-error", toolCallId, errorText: part.errorText });
  } else if (part.state === "output-denied") {
    chunks.push({ type: "tool-output-denied", toolCallId });
  }
  return chunks;
}
