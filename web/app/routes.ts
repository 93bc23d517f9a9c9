import { index, layout, type RouteConfig, route } from "@react-router/dev/routes";

export default [
  route("login", "routes/login.tsx"),
  route("signup", "routes/signup.tsx"),
  route("logout", "routes/logout.ts"),
  route("guest", "routes/guest.ts"),
  layout("routes/app-shell.tsx", [
    index("routes/new-chat.tsx"),
    route("chat/:chatId", "routes/chat.tsx"),
    route("settings/tokens", "routes/api-tokens.tsx"),
  ]),
  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
