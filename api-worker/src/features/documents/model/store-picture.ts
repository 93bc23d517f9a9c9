import type { DrawnPicture } from "../../../ai/tools/documents/ports.ts";
import { ToolFailure } from "../../../ai/tools/tool-failure.ts";
import type { Picture } from "../../../contracts/pictures.ts";
import { fileAddress, isPictureType } from "../../../contracts/uploads.ts";
import { AppError } from "../../../errors.ts";
import { storeBytes, type Uploader } from "../../uploads/receive/create-upload.ts";

/**
 * Stores a picture that the model has drawn, with the checks of an upload: its type, completeness,
 * size and pixels. It waits like a file in a draft until a version of a document shows it.
 *
 * @param title the document's title, which becomes the file's name
 * @throws ToolFailure when the picture is refused; what D1 and R2 throw
 */
export async function storePicture(
  owner: Uploader,
  chatId: string,
  { bytes, mediaType }: DrawnPicture,
  title: string,
): Promise<Omit<Picture, "prompts">> {
  const extension = mediaType.replace(/^image\/(?:jpeg|(.+))$/, (_, other) => other ?? "jpg");
  try {
    const file = { fileName: `${title}.${extension}`, mediaType, chatId };
    const stored = await storeBytes(owner, bytes, file);
    const { id, mediaType: type, width, height } = stored;
    if (isPictureType(type) && width && height) {
      return { url: fileAddress(id), mediaType: type, width, height };
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERNAL") throw error;
    throw new ToolFailure(`The picture couldn’t be stored. ${error.message}`);
  }
  throw new ToolFailure("What the model drew is no picture.");
}
