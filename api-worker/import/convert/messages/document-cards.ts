/** The cards of documents that the template's tools have written. */
import type { MessagePart } from "../../../src/contracts/message-parts.ts";
import {
  callKey,
  type DocumentAction,
  type DocumentCall,
  type DocumentLinks,
} from "../documents/links.ts";
import { isRecord } from "../values.ts";
import { type Draft, knownPart, SourceFile } from "./drafts.ts";

const actions: ReadonlyMap<string, DocumentAction> = new Map([
  ["tool-createDocument", "create"],
  ["tool-updateDocument", "update"],
  ["tool-editDocument", "edit"],
  ["tool-requestSuggestions", "suggest"],
]);

/** The calls among parts that have made a version of a document, or suggestions. */
export function documentCallsIn(
  drafts: readonly Draft[],
): Pick<DocumentCall, "toolCallId" | "documentId" | "action">[] {
  return drafts.flatMap((draft) => {
    if (draft instanceof SourceFile || draft.state !== "output-available") return [];
    const action = actions.get(draft.type);
    const { output, input, toolCallId } = draft;
    if (!action || !isRecord(output) || typeof toolCallId !== "string") return [];
    // A tool that found no document said so in its result.
    if (output.error != null) return [];
    const given = isRecord(input) ? (input.documentId ?? input.id) : undefined;
    const documentId = output.id ?? given;
    return typeof documentId === "string" ? [{ toolCallId, documentId, action }] : [];
  });
}

/** Puts each document's card behind the call that made it, as answers have it here. */
export function withCards(
  messageId: string,
  drafts: readonly Draft[],
  links: DocumentLinks,
): readonly Draft[] {
  if (links.byCall.size === 0) return drafts;
  const calls = new Set(documentCallsIn(drafts).map(({ toolCallId }) => toolCallId));
  if (calls.size === 0) return drafts;
  return drafts.flatMap((draft) => {
    const id = draft instanceof SourceFile ? undefined : draft.toolCallId;
    // One card for a call, also where its id comes twice.
    if (typeof id !== "string" || !calls.delete(id)) return [draft];
    const card = cardOf(messageId, id, links);
    return card ? [draft, card] : [draft];
  });
}

function cardOf(messageId: string, toolCallId: string, links: DocumentLinks): MessagePart | null {
  const linked = links.byCall.get(callKey({ messageId, toolCallId }));
  if (!linked) return null;
  const { suggestionCount, ...facts } = linked;
  const data = {
    ...facts,
    state: "complete",
    ...(suggestionCount !== null && { suggestionCount }),
  };
  return knownPart({ type: "data-document", id: toolCallId, data });
}
