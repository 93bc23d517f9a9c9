/**
 * The shape of every kind of message part that is stored: the AI SDK's kinds that our models can
 * write, and our own. Import takes nothing else, and what is stored nevertheless reaches neither a
 * reader nor a model.
 */
import { z } from "zod";
import { dataPartOf, type MessagePart } from "./message-parts.ts";

const providerMetadataSchema = z
  .record(z.string(), z.record(z.string(), z.unknown()).optional())
  .nullish();

const textState = z.enum(["streaming", "done"]).optional();

/** Addresses that a stored part may name. None of them runs code in a page. */
const urlSchema = z.string().regex(/^(https?:\/\/|data:[\w.+-]+\/[\w.+-]+[;,]|\/files\/)/i);

const staticParts: Readonly<Record<string, z.ZodType>> = {
  text: z.object({
    type: z.string(),
    text: z.string(),
    state: textState,
    citations: z.array(z.looseObject({ source: z.looseObject({}) })).optional(),
    providerMetadata: providerMetadataSchema,
  }),
  reasoning: z.object({
    type: z.string(),
    id: z.string().optional(),
    text: z.string(),
    state: textState,
    providerMetadata: providerMetadataSchema,
  }),
  "step-start": z.object({ type: z.string() }),
  // Without `providerReference`, which names a file on the provider's side.
  file: z.object({
    type: z.string(),
    url: urlSchema,
    mediaType: z.string().max(200),
    filename: z.string().optional(),
    providerMetadata: providerMetadataSchema,
  }),
  "source-url": z.object({
    type: z.string(),
    sourceId: z.string(),
    url: urlSchema,
    title: z.string().optional(),
    providerMetadata: providerMetadataSchema,
  }),
  "source-document": z.object({
    type: z.string(),
    sourceId: z.string(),
    mediaType: z.string(),
    title: z.string(),
    filename: z.string().optional(),
    providerMetadata: providerMetadataSchema,
  }),
};

const approvalSchema = z.looseObject({
  id: z.string(),
  approved: z.boolean().optional(),
  reason: z.string().optional(),
  requestReason: z.string().optional(),
  isAutomatic: z.boolean().optional(),
  signature: z.string().optional(),
});

const toolPart = z.object({
  type: z.string(),
  toolCallId: z.string(),
  title: z.string().optional(),
  toolMetadata: z.record(z.string(), z.unknown()).optional(),
  input: z.unknown().optional(),
  rawInput: z.unknown().optional(),
  inputEncoding: z.enum(["json", "text"]).optional(),
  providerExecuted: z.boolean().optional(),
  dynamic: z.boolean().optional(),
  callProviderMetadata: providerMetadataSchema,
  resultProviderMetadata: providerMetadataSchema,
  preliminary: z.boolean().optional(),
  approval: approvalSchema.optional(),
});

const toolStates = [
  toolPart.extend({ state: z.enum(["input-streaming", "input-available", "output-denied"]) }),
  toolPart.extend({ state: z.literal("approval-requested"), approval: approvalSchema }),
  toolPart.extend({
    state: z.literal("approval-responded"),
    approval: approvalSchema.extend({ approved: z.boolean() }),
  }),
  toolPart.extend({ state: z.literal("output-available"), output: z.unknown().optional() }),
  toolPart.extend({ state: z.literal("output-error"), errorText: z.string() }),
] as const;

const toolPartSchema = z.discriminatedUnion("state", toolStates);
const dynamicToolPartSchema = toolPartSchema.and(z.object({ toolName: z.string() }));

/** The schema for a part of this type; undefined for a type that no stored part has. */
function schemaOf(type: string): z.ZodType | undefined {
  if (Object.hasOwn(staticParts, type)) return staticParts[type];
  if (type === "dynamic-tool") return dynamicToolPartSchema;
  if (/^tool-[\w-]{1,80}$/.test(type)) return toolPartSchema;
  if (!/^data-[\w-]{1,80}$/.test(type)) return undefined;
  // A kind that is not ours is not shown, and no model gets it.
  const data = dataPartOf(type)?.data ?? z.unknown().optional();
  return z.object({ type: z.string(), id: z.string().optional(), data });
}

function parse(part: MessagePart) {
  return schemaOf(part.type)?.safeParse(part).data as Readonly<Record<string, unknown>> | undefined;
}

/** Whether a part is of a known kind and has this kind's shape. */
export function isKnownPart(part: unknown): part is MessagePart {
  const hasType = typeof part === "object" && part !== null && "type" in part;
  return hasType && typeof part.type === "string" && parse(part as MessagePart) !== undefined;
}

/**
 * Reads a part from outside.
 *
 * @returns the part without fields that its kind does not have, the others in their order; null for
 *   a part that is not known
 */
export function readKnownPart(part: MessagePart): MessagePart | null {
  const parsed = parse(part);
  if (!parsed) return null;
  const fields = Object.entries(part).filter(([name]) => Object.hasOwn(parsed, name));
  return Object.fromEntries(fields) as MessagePart;
}
