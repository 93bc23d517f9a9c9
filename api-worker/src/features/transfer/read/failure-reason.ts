/** Says why something in a file was not imported. */
import { z } from "zod";
import type { Context } from "../../../context.ts";
import type { ChatImportOutput } from "../../../contracts/transfer.ts";
import { AppError } from "../../../errors.ts";
import { ImportFailure } from "./import-failure.ts";
import { firstIssue } from "./read-file.ts";

type Failure = ChatImportOutput["failures"][number];

const tooMuch = "This import has too much for one request. Send it again to import the rest.";

/** Whether an error would be the same for another request with this file. */
export function isOfFile(error: unknown): boolean {
  return error instanceof ImportFailure || error instanceof z.ZodError || isFull(error);
}

function isFull(error: unknown): error is AppError {
  return error instanceof AppError && error.limit === "storage";
}

/**
 * The reason why a chat or a document was not imported, as a sentence.
 *
 * @param error null when the request had too much to do
 */
export function reasonFor(
  ctx: Pick<Context, "log">,
  kind: Failure["kind"],
  error: unknown,
): Pick<Failure, "kind" | "message" | "limit"> {
  if (isFull(error)) return { kind, message: error.message, limit: "storage" };
  if (error instanceof ImportFailure) return { kind, message: error.message };
  if (error instanceof z.ZodError) return { kind, message: firstIssue(error) };
  if (error === null) return { kind, message: tooMuch };
  ctx.log.error("transfer.import_failed", error);
  return { kind, message: `This ${kind} couldn’t be saved. Try again.` };
}
