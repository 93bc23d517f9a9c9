import { index, layout, type RouteConfig, route } from "@react-router/dev/routes";

export default [
  route("login", "routes/login.tsx"),
  route("signup", "routes/signup.tsx"),
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
      route("security", "routes/security.tsx"),
      route("tokens", "routes/api-tokens.tsx"),
      route("data", "routes/data.tsx"),
      route("notifications", "routes/notifications.tsx"),
      route("usage", "routes/usage.tsx"),
      route("files", "routes/files.tsx"),
    ]),
  ]),
  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
