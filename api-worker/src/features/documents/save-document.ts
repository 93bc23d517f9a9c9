import type { z } from "zod";
import type { UserContext } from "../../context.ts";
import type {
  DocumentOutput,
  documentRestoreInput,
  documentSaveInput,
} from "../../contracts/documents.ts";
import { AppError, notFound } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { sha256Hex } from "../../platform/sha256.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { runFitting } from "../limits/storage.ts";
import { findDocumentQuery, findVersionQuery, restoreQueries, saveQueries } from "./queries.ts";
import { toDocumentOutput } from "./read-documents.ts";

/**
 * Saves a document's content as its newest version, if it was made from the newest one. Content
 * that is already the newest makes no version. Sending a save again returns what it made.
 *
 * @throws AppError NOT_FOUND; INVALID for a picture; CONFLICT when there is a newer version than the save's base;
 *   TOO_LARGE when the viewer's storage is full
 */
export async function saveDocument(
  ctx: UserContext,
  { documentId, content, baseVersion, saveId, runId }: z.infer<typeof documentSaveInput>,
): Promise<DocumentOutput> {
  const { userId } = ctx.viewer;
  const key = { userId, documentId };
  const contentHash = sha256Hex(content);
  const [before, insert, remove, update] = saveQueries({
    ...key,
    ...{ baseVersion, saveId, runId: runId ?? null, author: "person" },
    ...{ content, contentHash, now: systemClock() },
  });
  const queries = [before, insert, remove, update, findDocumentQuery(ctx.content, key)] as const;
  const [[state], , , , [document]] = await runFitting(
    ctx.content,
    userId,
    limitsOf(ctx.env, ctx.viewer).storage,
    queries,
  );
  if (!state || !document) throw notFound("document");
  // Its content names a file, which only the worker may choose.
  if (document.kind === "image")
    throw new AppError("INVALID", "Ask the model to change a picture.");
  const isBase = state.version === baseVersion;
  if (!isBase && state.saveId !== saveId) {
    throw new AppError("CONFLICT", "This document has a newer version than the one you edited.");
  }
  return toDocumentOutput(document);
}

/**
 * Makes a new version with the content of an earlier one, which stays. When the newest version has
 * that content already, there is nothing to do, so a double press makes one version.
 *
 * @throws AppError NOT_FOUND; TOO_LARGE when the viewer's storage is full
 */
export async function restoreDocument(
  ctx: UserContext,
  { documentId, version }: z.infer<typeof documentRestoreInput>,
): Promise<DocumentOutput> {
  const { userId } = ctx.viewer;
  const key = { userId, documentId };
  const [insert, update] = restoreQueries(key, version, systemClock());
  const source = findVersionQuery(ctx.content, key, version)
    .clearSelect()
    .select("versions.version");
  const queries = [source, insert, update, findDocumentQuery(ctx.content, key)] as const;
  const [[found], , , [document]] = await runFitting(
    ctx.content,
    userId,
    limitsOf(ctx.env, ctx.viewer).storage,
    queries,
  );
  if (!found || !document) throw notFound("document");
  return toDocumentOutput(document);
}
