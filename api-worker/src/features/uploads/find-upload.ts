import type { ContentDb, UploadRow } from "db";
import { type StoredUpload, uploadColumns } from "./queries.ts";

/** An upload with what serving and copying it need. */
export type ServedUpload = StoredUpload & Pick<UploadRow, "userId" | "sha256" | "thumbnailType">;

/** Finds an upload by its id, whatever its owner. The caller must check access. */
export async function findUploadById(db: ContentDb, id: string): Promise<ServedUpload | undefined> {
  return db.kysely
    .selectFrom("uploads")
    .select([...uploadColumns, "userId", "sha256", "thumbnailType"])
    .where("id", "=", id)
    .where("state", "=", "ready")
    .executeTakeFirst();
}
