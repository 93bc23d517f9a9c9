import { NotificationsPage } from "../features/notifications/notifications-page.tsx";

export function meta() {
  return [{ title: "Notifications · Alleato Chat" }];
}

export default function NotificationsRoute() {
  return <NotificationsPage />;
}
