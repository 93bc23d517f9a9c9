import type { UploadLimitsOutput } from "api-worker/contracts";
import { noteSessionError } from "../../../lib/session-change.ts";
import { api } from "../../../lib/trpc.ts";
import type { UploadPort } from "./upload-queue.ts";

let knownLimits: Promise<UploadLimitsOutput> | null = null;

/** Fetches the limits once per page. After a failure the next call tries again. */
function uploadLimits(): Promise<UploadLimitsOutput> {
  knownLimits ??= api.uploads.limits.query().catch((error: unknown) => {
    knownLimits = null;
    throw error;
  });
  return knownLimits;
}

/** Uploads for a chat's draft over HTTP. Browser only. */
export function uploadsApi(chatId: string): UploadPort {
  return {
    async send(file, options) {
      // Loaded only when a file is attached.
      const [{ sendFile }, { makeThumbnail }] = await Promise.all([
        import("./send-file.ts"),
        import("./thumbnail.ts"),
      ]);
      const thumbnail = await makeThumbnail(file);
      options.signal.throwIfAborted();
      try {
        return await sendFile(file, { chatId, thumbnail, ...options });
      } catch (error) {
        noteSessionError(error, "user");
        throw error;
      }
    },
    async discard(uploadId) {
      await api.uploads.delete.mutate({ uploadId, onlyIfUnused: true });
    },
    limits: uploadLimits,
  };
}
