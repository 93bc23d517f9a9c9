/** The content of documents of the kind `image`: JSON that names a picture, and how it came to be. */
import { z } from "zod";
import { limits } from "./limits.ts";
import { pictureTypes, uploadAddressSchema } from "./uploads.ts";

/** The prompts of a picture that are kept, at most. The first ones go. */
export const picturePromptsMax = 50;

export const pictureSchema = z.object({
  /** The address of the picture's upload. */
  url: uploadAddressSchema,
  mediaType: z.enum(pictureTypes),
  /** In pixels. */
  width: z.int().min(1).max(limits.pictureMaxPx),
  height: z.int().min(1).max(limits.pictureMaxPx),
  /** What was asked for, oldest first: the first picture, and each change. */
  prompts: z.array(z.string().min(1).max(8_000)).min(1).max(picturePromptsMax),
});
export type Picture = z.infer<typeof pictureSchema>;

/** Reads the content of a document of the kind `image`; null when it names no picture. */
export function parsePicture(content: string): Picture | null {
  try {
    return pictureSchema.safeParse(JSON.parse(content)).data ?? null;
  } catch {
    return null;
  }
}

/** The content of a document that shows a picture. */
export function pictureContent(picture: Picture): string {
  const { url, mediaType, width, height } = picture;
  const prompts = picture.prompts.slice(-picturePromptsMax);
  return JSON.stringify({ url, mediaType, width, height, prompts } satisfies Picture);
}
