import { parsePicture, pictureContent } from "../../../contracts/pictures.ts";
import { ToolFailure } from "../tool-failure.ts";
import type { ReadDocument } from "./ports.ts";
import {
  type CallOptions,
  type DocumentResult,
  type DocumentToolPorts,
  type NewPart,
  resultOf,
} from "./write-document.ts";

/**
 * Lets the image model draw a picture, stores it, and saves the document that shows it. Nothing is
 * saved before the picture is whole.
 *
 * @param document the document as it is, whose picture is drawn anew; null for a new document
 * @throws ToolFailure when there is no picture, it cannot be stored, or the document was deleted
 */
export async function drawDocument(
  { documents, draw, emit }: DocumentToolPorts,
  { toolCallId: id, abortSignal }: CallOptions,
  part: NewPart,
  prompt: string,
  document: ReadDocument | null,
): Promise<DocumentResult> {
  const { documentId, kind, title, language, action, baseVersion } = part;
  const show = (state: "writing" | "complete" | "deleted", version: number | null) =>
    emit({ type: "data-document", id, data: { ...part, state, version } });
  show("writing", null);
  try {
    const earlier = document && parsePicture(document.content);
    const before = earlier && (await documents.readPicture(earlier.url));
    const prompts = [...(earlier?.prompts ?? []), prompt];
    // Without the picture before, the model has to know all of it.
    const drawn = await draw({ prompt: before ? prompt : prompts.join("\n"), before });
    abortSignal?.throwIfAborted();
    const stored = await documents.storePicture(drawn, title);
    const written = await documents.write({
      ...{ documentId, toolCallId: id, baseVersion, status: "complete" },
      created: action === "create" ? { kind, title, language } : null,
      content: pictureContent({ ...stored, prompts }),
    });
    if (written === null) throw new ToolFailure("The document was deleted while it was drawn.");
    show("complete", written.version);
    return resultOf(part, written, "The reader sees the picture. Do not describe it.");
  } catch (error) {
    if (!abortSignal?.aborted) show("deleted", null);
    throw error;
  }
}
