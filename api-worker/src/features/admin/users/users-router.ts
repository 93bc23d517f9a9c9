import { z } from "zod";
import {
  deletedUserOutput,
  deleteUserInput,
  disableInput,
  endSessionsInput,
  listUsersInput,
  listUsersOutput,
  resetLinkInput,
  resetLinkOutput,
  setRoleInput,
  userAccessOutput,
  userContentInput,
  userDocumentsOutput,
  userFilesOutput,
  userIdInput,
  userOutput,
  userUsageInput,
  userUsageOutput,
} from "../../../contracts/admin-users.ts";
import { procedure, router } from "../../../trpc.ts";
import { disable, enable, endSessions, setRole } from "./change-user.ts";
import { listUserDocuments, listUserFiles } from "./content/list-content.ts";
import { createResetLink } from "./create-reset-link.ts";
import { deleteUser } from "./delete-user.ts";
import { getUser, getUserAccess, getUserUsage } from "./get-user.ts";
import { listUsers } from "./list-users.ts";

export const usersRouter = router({
  /** Users by kind, sorted, or found by a search. */
  list: procedure.admin
    .input(listUsersInput)
    .output(listUsersOutput)
    .query(({ ctx, input }) => listUsers(ctx, input)),
  get: procedure.admin
    .input(userIdInput)
    .output(userOutput)
    .query(({ ctx, input }) => getUser(ctx, input)),
  usage: procedure.admin
    .input(userUsageInput)
    .output(userUsageOutput)
    .query(({ ctx, input }) => getUserUsage(ctx, input)),
  /** Sessions and API tokens. */
  access: procedure.admin
    .input(userIdInput)
    .output(userAccessOutput)
    .query(({ ctx, input }) => getUserAccess(ctx, input)),
  documents: procedure.admin
    .input(userContentInput)
    .output(userDocumentsOutput)
    .query(({ ctx, input }) => listUserDocuments(ctx, input)),
  files: procedure.admin
    .input(userContentInput)
    .output(userFilesOutput)
    .query(({ ctx, input }) => listUserFiles(ctx, input)),
  setRole: procedure.admin
    .input(setRoleInput)
    .output(z.null())
    .mutation(({ ctx, input }) => setRole(ctx, input)),
  disable: procedure.admin
    .input(disableInput)
    .output(z.null())
    .mutation(({ ctx, input }) => disable(ctx, input)),
  enable: procedure.admin
    .input(disableInput)
    .output(z.null())
    .mutation(({ ctx, input }) => enable(ctx, input)),
  endSessions: procedure.admin
    .input(endSessionsInput)
    .output(z.null())
    .mutation(({ ctx, input }) => endSessions(ctx, input)),
  /** A link with which the user chooses a new password. */
  createResetLink: procedure.admin
    .input(resetLinkInput)
    .output(resetLinkOutput)
    .mutation(({ ctx, input }) => createResetLink(ctx, input)),
  delete: procedure.admin
    .input(deleteUserInput)
    .output(deletedUserOutput)
    .mutation(({ ctx, input }) => deleteUser(ctx, input)),
});
