import { router } from "../../trpc.ts";
import { auditRouter } from "./audit/audit-router.ts";
import { chatsRouter } from "./chats/chats-router.ts";
import { invitesRouter } from "./invites/invites-router.ts";
import { limitsRouter } from "./limits/limits-router.ts";
import { settingsRouter } from "./settings/settings-router.ts";
import { statsRouter } from "./stats/stats-router.ts";
import { streamsRouter } from "./streams/streams-router.ts";
import { usersRouter } from "./users/users-router.ts";
import { votesRouter } from "./votes/votes-router.ts";

/** What administrators see and do: one router for each page. */
export const adminRouter = router({
  audit: auditRouter,
  chats: chatsRouter,
  invites: invitesRouter,
  limits: limitsRouter,
  settings: settingsRouter,
  stats: statsRouter,
  streams: streamsRouter,
  users: usersRouter,
  votes: votesRouter,
});
