import type { ContentDb } from "db";
import { z } from "zod";
import { objectKey, textKey } from "../object-keys.ts";
import { findUploads } from "../queries.ts";
import { type CutText, readPdfText } from "./pdf-text.ts";

/** The facts about a file that are known before it is read. */
export interface SourceFile {
  readonly id: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** Reads an owner's files for a model. */
export interface FileSource {
  /** Finds existing files by their ids. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, SourceFile>>;
  /** null when the bytes are missing. */
  bytes(file: SourceFile): Promise<Uint8Array | null>;
  /** @param maxLength characters. @returns null when it has no readable text */
  text(file: SourceFile, maxLength: number): Promise<CutText | null>;
}

/** The object stored beside a PDF: its text, or the number of attempts to read it. */
const keptSchema = z.union([
  z.object({ text: z.string(), isCut: z.boolean(), maxLength: z.number() }),
  z.object({ tries: z.number() }),
]);
/**
 * A PDF whose reading crashed the object this often, by running out of memory, is not read again.
 */
const triesMax = 2;

/** Reads the files of one user from the database and the bucket. */
export function createFileSource(
  env: { readonly FILES: R2Bucket },
  content: ContentDb,
  userId: string,
): FileSource {
  const bucket = env.FILES;
  return {
    async find(ids) {
      const uploads = await findUploads(content, userId, ids);
      return new Map(
        uploads.map(({ id, mediaType, bytes }) => [id, { id, mediaType: mediaType ?? "", bytes }]),
      );
    },
    async bytes({ id }) {
      const object = await bucket.get(objectKey(id));
      return object && new Uint8Array(await object.arrayBuffer());
    },
    async text(file, maxLength) {
      if (file.mediaType === "application/pdf") return pdfText(bucket, file, maxLength);
      // UTF-8 takes at most four bytes for a character.
      const object = await bucket.get(objectKey(file.id), {
        range: { offset: 0, length: Math.min(file.bytes, maxLength * 4) },
      });
      if (!object) return null;
      const text = new TextDecoder().decode(await object.arrayBuffer());
      const isCut = text.length > maxLength || file.bytes > maxLength * 4;
      return { text: text.slice(0, maxLength).toWellFormed(), isCut };
    },
  };
}

/** Reads the text once and stores it beside the file. */
async function pdfText(
  bucket: R2Bucket,
  file: SourceFile,
  maxLength: number,
): Promise<CutText | null> {
  const kept = await bucket.get(textKey(file.id));
  const known = kept && keptSchema.safeParse(await kept.json().catch(() => null)).data;
  if (known && "text" in known && known.maxLength === maxLength) return known;
  const tries = known && "tries" in known ? known.tries : 0;
  if (tries >= triesMax) return null;
  const keep = (value: z.infer<typeof keptSchema>) =>
    bucket.put(textKey(file.id), JSON.stringify(value));
  const object = await bucket.get(objectKey(file.id));
  if (!object) return null;
  await keep({ tries: tries + 1 });
  const read = await readPdfText(new Uint8Array(await object.arrayBuffer()), maxLength);
  await keep(read ? { ...read, maxLength } : { tries: triesMax });
  return read;
}
