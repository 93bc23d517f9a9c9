import { Outlet, useRouteError } from "react-router";
import { useViewer } from "../features/account/use-viewer.ts";
import { SettingsFrame } from "../features/settings/settings-frame.tsx";
import { ErrorPage } from "../ui/error-page.tsx";

export default function SettingsLayout() {
  const { isGuest } = useViewer();
  return (
    <SettingsFrame isGuest={isGuest}>
      <Outlet />
    </SettingsFrame>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} requestId={null} />;
}
