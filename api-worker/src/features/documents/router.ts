import { z } from "zod";
import {
  documentCreateInput,
  documentGetInput,
  documentGetOutput,
  documentIdInput,
  documentListInput,
  documentListOutput,
  documentOutput,
  documentRenameInput,
  documentRestoreInput,
  documentSaveInput,
  documentShownInput,
  documentShownOutput,
  documentVersionsInput,
  documentVersionsOutput,
} from "../../contracts/documents.ts";
import {
  suggestionListInput,
  suggestionListOutput,
  suggestionResolveInput,
} from "../../contracts/suggestions.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { createDocument, deleteDocument, renameDocument } from "./change-document.ts";
import { getShownDocument } from "./follow/shown-document.ts";
import { getDocument, listDocuments, listVersions } from "./read-documents.ts";
import { restoreDocument, saveDocument } from "./save-document.ts";
import { listSuggestions, resolveSuggestions } from "./suggestions/resolve-suggestions.ts";

export const documentsRouter = router({
  /** Lists the viewer's documents, last changed first. */
  list: procedure.user
    .input(documentListInput)
    .output(documentListOutput)
    .query(({ ctx, input }) => listDocuments(ownerOf(ctx), input)),
  /** Returns a document with one of its versions. */
  get: procedure.user
    .input(documentGetInput)
    .output(documentGetOutput)
    .query(({ ctx, input }) => getDocument(ownerOf(ctx), input)),
  /** Returns a version that a chat shows to all who may read the chat, as its message made it. */
  getShown: procedure.public
    .input(documentShownInput)
    .output(documentShownOutput)
    .query(({ ctx, input }) => getShownDocument(ctx, input)),
  /** Lists a document's versions, newest first, without their content. */
  versions: procedure.user
    .input(documentVersionsInput)
    .output(documentVersionsOutput)
    .query(({ ctx, input }) => listVersions(ownerOf(ctx), input)),
  /** Makes a document by hand. */
  create: procedure.user
    .input(documentCreateInput)
    .output(documentOutput)
    .mutation(({ ctx, input }) => createDocument(ctx, input)),
  /** Gives a document another title. */
  rename: procedure.user
    .input(documentRenameInput)
    .output(documentOutput)
    .mutation(({ ctx, input }) => renameDocument(ownerOf(ctx), input)),
  /** Saves content that was made from the newest version; a CONFLICT otherwise. */
  save: procedure.user
    .input(documentSaveInput)
    .output(documentOutput)
    .mutation(({ ctx, input }) => saveDocument(ctx, input)),
  /** Makes a new version with the content of an earlier one. */
  restore: procedure.user
    .input(documentRestoreInput)
    .output(documentOutput)
    .mutation(({ ctx, input }) => restoreDocument(ctx, input)),
  suggestions: router({
    /** Lists the open suggestions for a document, oldest first. */
    list: procedure.user
      .input(suggestionListInput)
      .output(suggestionListOutput)
      .query(({ ctx, input }) => listSuggestions(ownerOf(ctx), input)),
    /** Notes whether suggestions are accepted or rejected. The text changes by a save. */
    resolve: procedure.user
      .input(suggestionResolveInput)
      .output(z.null())
      .mutation(({ ctx, input }) => resolveSuggestions(ownerOf(ctx), input)),
  }),
  /** Deletes a document with all its versions. */
  delete: procedure.user
    .input(documentIdInput)
    .output(z.null())
    .mutation(({ ctx, input }) => deleteDocument(ownerOf(ctx), input)),
});
