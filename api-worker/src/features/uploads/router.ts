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
   * Takes one file, as a form: `file`, `chatId` (where it is given, if there is such a chat yet) and
   * `thumbnail` (a small picture of a picture).
   */
  create: procedure.user
    .input(uploadForm)
    .output(uploadOutput)
    .mutation(({ ctx, input }) => createUpload(ctx, input)),
  /** The viewer's files, with where they are used and how much room there is. */
  list: procedure.user
    .input(uploadListInput)
    .output(uploadListOutput)
    .query(({ ctx, input }) => listUploads(ctx, input)),
  /** How large a file of the viewer may be. */
  limits: procedure.user.output(uploadLimitsOutput).query(({ ctx }) => {
    const { pictureMaxBytes, fileMaxBytes } = limitsOf(ctx.env, ctx.viewer).uploads;
    return { pictureMaxBytes, fileMaxBytes };
  }),
  /** Deletes a file; the messages that have it say so. */
  delete: procedure.user
    .input(uploadDeleteInput)
    .output(z.null())
    .mutation(({ ctx, input }) => deleteUpload(ownerOf(ctx), input)),
});
