/** Documents that the model writes in tests. */
import type { DocumentPart } from "../src/ai/tools/documents/ports.ts";
import type { Caller } from "./callers.ts";
import type { SomeTurn } from "./invariants.ts";
import { storedMessage } from "./invariants.ts";
import { type Script, scriptText } from "./scripted-model.ts";
import type { Chunk } from "./stream.ts";

/** A script for a question: the model calls a tool, and says a few words. */
export const callScript = (toolName: string, input: object): string =>
  scriptText({ length: 20, sizes: [5], call: { toolName, input } });

/** A question whose model writes a document by a script. */
export const writeQuestion = (script: Script, fields: object = {}): string =>
  callScript("createDocument", {
    ...{ kind: "text", title: "Numbers", instructions: scriptText(script) },
    ...fields,
  });

/** A question whose model writes a document until it is stopped. */
export const endlessDocument = writeQuestion({ length: 1_000_000, sizes: [5], pausesMs: [5] });

/** The text of documents that a reader has received. */
export const documentTextIn = (chunks: readonly Chunk[]): string =>
  chunks
    .filter(({ type }) => type === "data-document-text")
    .map(({ data }) => (data as { delta: string }).delta)
    .join("");

/** The newest state of the document that a reader has received. */
export const documentIn = (chunks: readonly Chunk[]): DocumentPart | undefined =>
  chunks.findLast(({ type }) => type === "data-document")?.data as DocumentPart | undefined;

/** The parts of an answer as D1 has them. */
export async function storedParts(owner: Caller, turn: SomeTurn): Promise<Chunk[]> {
  const message = await storedMessage(owner, turn.assistantMessageId);
  return JSON.parse(message?.parts ?? "[]") as Chunk[];
}

/** A document with its newest version. */
export const readDocument = (owner: Caller, documentId: string, version?: number) =>
  owner.api.documents.get.query({ documentId, version });
