import { z } from "zod";
import {
  uploadDeleteInput,
  uploadLimitsOutput,
  uploadListInput,
  uploadListOutput,
  uploadOutput,
} from "../../contracts/uploads.ts";
import { ownerOf } from "../../owner-context.ts";
import { procedure, router } from "../../trpc.ts";
import { limitsOf } from "../limits/limits-of.ts";
import { deleteUpload } from "./delete-upload.ts";
import { listUploads } from "./list-uploads.ts";
import { createUpload } from "./receive/create-upload.ts";
import { uploadForm } from "./receive/upload-form.ts";

export const uploadsRouter = router({
  /**
   * Uploads one file, as a form: `file`, `chatId` (the chat where it is attached, which need not
   * exist yet) and `thumbnail` (a small version of a picture).
   */
  create: procedure.user
    .input(uploadForm)
    .output(uploadOutput)
    .mutation(({ ctx, input }) => createUpload(ctx, input)),
  /** Lists the viewer's files, with the chats that use them and the storage left. */
  list: procedure.user
    .input(uploadListInput)
    .output(uploadListOutput)
    .query(({ ctx, input }) => listUploads(ctx, input)),
  /** The size limits for the viewer's files. */
  limits: procedure.user.output(uploadLimitsOutput).query(({ ctx }) => {
    const { pictureMaxBytes, fileMaxBytes } = limitsOf(ctx.env, ctx.viewer).uploads;
    return { pictureMaxBytes, fileMaxBytes };
  }),
  /** Deletes a file. The messages that contain it say so from then on. */
  delete: procedure.user
    .input(uploadDeleteInput)
    .output(z.null())
    .mutation(({ ctx, input }) => deleteUpload(ownerOf(ctx), input)),
});
