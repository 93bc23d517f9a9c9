import type { ContentDb } from "db";
import { pdfObject } from "../../../platform/pdf-object.ts";
import { objectKey } from "../object-keys.ts";
import { findUploads } from "../queries.ts";
import type { CutText } from "./pdf-text.ts";

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

/** Reads the files of one user from the database and the bucket. */
export function createFileSource(
  env: Pick<Env, "FILES" | "PDF">,
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
      if (file.mediaType === "application/pdf") {
        // An object that ran out of memory or time takes only itself down.
        return pdfObject(env, file.id)
          .readText(file.id, maxLength)
          .catch(() => null);
      }
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
