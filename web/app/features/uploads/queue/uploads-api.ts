import type { UploadLimitsOutput } from "api-worker/contracts";
import { api, leaveWhenLoggedOut } from "../../../lib/trpc.ts";
import type { UploadPort } from "./upload-queue.ts";

let knownLimits: Promise<UploadLimitsOutput> | null = null;

/** The limits hold for as long as the page is open; a failure is forgotten. */
function uploadLimits(): Promise<UploadLimitsOutput> {
  knownLimits ??= api.uploads.limits.query().catch((error: unknown) => {
    knownLimits = null;
    throw error;
  });
  return knownLimits;
}

/** The worker's uploads over HTTP, for the message that is written in a chat. Browser only. */
export function uploadsApi(chatId: string): UploadPort {
  return {
    async send(file, options) {
      // Only who attaches something needs these.
      const [{ sendFile }, { makeThumbnail }] = await Promise.all([
        import("./send-file.ts"),
        import("./thumbnail.ts"),
      ]);
      const thumbnail = await makeThumbnail(file);
      options.signal.throwIfAborted();
      try {
        return await sendFile(file, { chatId, thumbnail, ...options });
      } catch (error) {
        leaveWhenLoggedOut(error);
        throw error;
      }
    },
    async discard(uploadId) {
      await api.uploads.delete.mutate({ uploadId, onlyIfUnused: true });
    },
    limits: uploadLimits,
  };
}
