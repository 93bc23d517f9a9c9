/** The uploads that the pictures among documents show. */
import { parsePicture, pictureContent } from "../../../contracts/pictures.ts";
import type { ExportedDocument } from "../../../contracts/transfer.ts";
import { fileAddress, uploadIdOf } from "../../../contracts/uploads.ts";

const versionsOf = (documents: readonly ExportedDocument[]) =>
  documents.filter(({ kind }) => kind === "image").flatMap(({ versions }) => versions);

/** The ids of the uploads that the documents' pictures show. */
export function picturesOf(documents: readonly ExportedDocument[]): string[] {
  return versionsOf(documents).flatMap(({ content }) => {
    const picture = parsePicture(content);
    return (picture && uploadIdOf(picture.url)) ?? [];
  });
}

/** Lets pictures show copies of their uploads, in place. */
export function replacePictures(
  documents: readonly ExportedDocument[],
  copies: ReadonlyMap<string, string>,
): void {
  for (const version of versionsOf(documents)) {
    const picture = parsePicture(version.content);
    const copyId = picture && copies.get(uploadIdOf(picture.url) ?? "");
    if (copyId) version.content = pictureContent({ ...picture, url: fileAddress(copyId) });
  }
}
