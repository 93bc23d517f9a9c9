import { index, layout, type RouteConfig, route } from "@react-router/dev/routes";

export default [
  route("login", "routes/login.tsx"),
  route("signup", "routes/signup.tsx"),
  route("reset", "routes/reset.tsx"),
  route("logout", "routes/logout.ts"),
  route("guest", "routes/guest.ts"),
  route("share/:chatId", "routes/share.tsx"),
  layout("routes/app-shell.tsx", [
    layout("routes/chat-page.tsx", [
      index("routes/new-chat.tsx"),
      route("chat/:chatId", "routes/chat.tsx"),
    ]),
    route("documents", "routes/documents.tsx"),
    route("documents/:documentId", "routes/document.tsx"),
    route("settings", "routes/settings.tsx", [
      index("routes/settings-index.ts"),
      route("privacy", "routes/privacy.tsx"),
      route("security", "routes/security.tsx"),
      route("tokens", "routes/api-tokens.tsx"),
      route("data", "routes/data.tsx"),
      route("notifications", "routes/notifications.tsx"),
      route("usage", "routes/usage.tsx"),
      route("files", "routes/files.tsx"),
    ]),
  ]),
  route("admin", "routes/admin/layout.tsx", [
    index("routes/admin/index.tsx"),
    route("audit", "routes/admin/audit.tsx"),
    route("chats", "routes/admin/chats.tsx"),
    route("chats/:accessId", "routes/admin/chat.tsx"),
    route("invites", "routes/admin/invites.tsx"),
    route("searches/:accessId", "routes/admin/search.tsx"),
    route("limits", "routes/admin/limits.tsx"),
    route("models", "routes/admin/models.tsx"),
    route("settings", "routes/admin/settings.tsx"),
    route("streams", "routes/admin/streams.tsx"),
    route("users", "routes/admin/users.tsx"),
    route("users/:userId", "routes/admin/user.tsx"),
    route("votes", "routes/admin/votes.tsx"),
  ]),
  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
