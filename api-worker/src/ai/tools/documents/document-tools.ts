import { type Tool, type ToolSet, tool, zodSchema } from "ai";
import { z } from "zod";
import { type DocumentKind, documentKinds } from "../../../contracts/documents.ts";
import { limits } from "../../../contracts/limits.ts";
import { ToolFailure } from "../tool-failure.ts";
import { applyEdits } from "./apply-edits.ts";
import { drawDocument } from "./draw-document.ts";
import { imageUse, writtenKinds } from "./kinds.ts";
import type { DocumentPorts } from "./ports.ts";
import { readOrFail } from "./read-or-fail.ts";
import { requestSuggestions } from "./suggestions/request-suggestions.ts";
import { type DocumentToolPorts, partOf, resultOf, writeDocument } from "./write-document.ts";

/** The model gets at most this many characters of a document in one call. */
const readMaxLength = 60_000;
/** Pairs of one call of `editDocument`. */
const editsMax = 20;
/** How often an edit is made anew when the document changes under it. */
const editTries = 3;

const documentIdSchema = z.string().max(100).describe("The document’s ID, as a tool returned it.");
const instructionsSchema = z
  .string()
  .min(1)
  .max(8_000)
  .describe("What the document must contain, complete enough for a writer who reads only this.");

// Made once, because the SDK converts each of them for the model once.
const createInput = zodSchema(
  z.object({
    kind: z.enum(documentKinds),
    title: z.string().trim().min(1).max(limits.titleMaxLength),
    language: z
      .string()
      .trim()
      .max(limits.languageMaxLength)
      .optional()
      .describe("The programming language, for code."),
    instructions: instructionsSchema,
  }),
);
const updateInput = zodSchema(
  z.object({ documentId: documentIdSchema, instructions: instructionsSchema }),
);
const editInput = zodSchema(
  z.object({
    documentId: documentIdSchema,
    edits: z
      .array(z.object({ find: z.string().min(1).max(20_000), replace: z.string().max(50_000) }))
      .min(1)
      .max(editsMax),
  }),
);
const readInput = zodSchema(
  z.object({
    documentId: documentIdSchema.optional(),
    fromCharacter: z.int().min(0).optional().describe("For the rest of a long document."),
  }),
);
const suggestionsInput = zodSchema(
  z.object({
    documentId: documentIdSchema,
    instructions: instructionsSchema.optional().describe("What to look for."),
  }),
);

/** Makes the tools with which the model writes documents beside the chat. */
export function createDocumentTools(ports: DocumentToolPorts): ToolSet {
  const { documents } = ports;
  return {
    createDocument: createDocumentTool(ports),
    updateDocument: updateDocumentTool(ports),
    editDocument: editDocumentTool(ports),
    readDocument: readDocumentTool(documents),
    requestSuggestions: requestSuggestionsTool(ports),
  };
}

function createDocumentTool(ports: DocumentToolPorts): Tool {
  const useOf = (kind: DocumentKind) => (kind === "image" ? imageUse : writtenKinds[kind].use);
  const kinds = documentKinds.map((kind) => `${kind}: ${useOf(kind)}`).join("; ");
  return tool({
    description: `Writes a document that opens beside the chat, where the reader can edit it. Use it for content that is worth keeping or longer than a screen, and not for short answers. Kinds: ${kinds}.`,
    inputSchema: createInput,
    async execute({ kind, title, language, instructions }, options) {
      const part = {
        ...{ documentId: crypto.randomUUID(), kind, title, language: languageOf(kind, language) },
        ...({ action: "create", baseVersion: null } as const),
      };
      if (kind === "image") return await drawDocument(ports, options, part, instructions, null);
      const inLanguage = part.language ? ` in ${part.language}` : "";
      const task = `Write the document “${title}”${inLanguage} now. ${instructions}`;
      return await writeDocument(ports, options, { ...part, kind }, task);
    },
  });
}

function languageOf(kind: DocumentKind, language: string | undefined): string | null {
  return kind === "code" ? language?.toLowerCase() || null : null;
}

function updateDocumentTool(ports: DocumentToolPorts): Tool {
  return tool({
    description:
      "Rewrites a whole document, or draws a picture anew from the one that is there. For small changes, use editDocument. The document’s content is given to the writer.",
    inputSchema: updateInput,
    async execute({ documentId, instructions }, options) {
      const document = await readOrFail(ports.documents, documentId);
      const part = partOf(document, "update");
      const { kind } = document;
      if (kind === "image") {
        return await drawDocument(ports, options, part, instructions, document);
      }
      const task = `This is the document “${document.title}”:

<document>
${document.content}
</document>

Write it anew, as a whole, with these changes: ${instructions}`;
      return await writeDocument(ports, options, { ...part, kind }, task);
    },
  });
}

function editDocumentTool({ documents, emit }: DocumentToolPorts): Tool {
  return tool({
    description: `Changes parts of a document: each text to find must be in it exactly once, character for character. Read the document first. At most ${editsMax} edits.`,
    inputSchema: editInput,
    async execute({ documentId, edits }, { toolCallId }) {
      for (let tries = 1; tries <= editTries; tries += 1) {
        const document = await readOrFail(documents, documentId);
        if (document.kind === "image") {
          throw new ToolFailure("A picture has no text to edit. Use updateDocument.");
        }
        const content = applyEdits(document.content, edits);
        if (content === document.content) throw new ToolFailure("The edits change nothing.");
        const part = partOf(document, "edit");
        const written = await documents.write({
          ...{ documentId, created: null, toolCallId, content, status: "complete" },
          ...{ baseVersion: document.version, onlyOnBase: true },
        });
        // A person has saved meanwhile: the edits are made again on what is there now.
        if (written === null) continue;
        const { version } = written;
        const data = { ...part, state: "complete", version } as const;
        emit({ type: "data-document", id: toolCallId, data });
        return resultOf(part, written, "The reader sees the changed document.");
      }
      throw new ToolFailure("The document is being changed by its reader. Try again.");
    },
  });
}

function readDocumentTool(documents: DocumentPorts): Tool {
  return tool({
    description:
      "Reads a document of this chat as it is now, with the changes of its reader. Without an ID, lists the chat’s documents.",
    inputSchema: readInput,
    async execute({ documentId, fromCharacter = 0 }) {
      if (!documentId) {
        const found = await documents.list();
        return { documents: found.map(({ id, ...facts }) => ({ documentId: id, ...facts })) };
      }
      const { content, title, kind, language } = await readOrFail(documents, documentId);
      const end = fromCharacter + readMaxLength;
      const rest = end < content.length ? { continuesAt: end } : {};
      const facts = { documentId, title, kind, ...(language && { language }) };
      return { ...facts, content: content.slice(fromCharacter, end), ...rest };
    },
  });
}

function requestSuggestionsTool(ports: DocumentToolPorts): Tool {
  return tool({
    description: `Proposes changes of a document, at most ${limits.suggestionsPerCallMax}, each of which the reader can accept or reject beside the text. Use it when the reader asks for suggestions, feedback or a review. The document’s content is given to the writer.`,
    inputSchema: suggestionsInput,
    execute: ({ documentId, instructions }, options) =>
      requestSuggestions(ports, options, documentId, instructions),
  });
}
