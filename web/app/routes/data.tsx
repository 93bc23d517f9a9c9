import { useViewer } from "../features/account/use-viewer.ts";
import { DataPage } from "../features/transfer/data-page.tsx";

export function meta() {
  return [{ title: "Import and export · Alleato Chat" }];
}

export default function DataRoute() {
  const { isGuest } = useViewer();
  return <DataPage isGuest={isGuest} />;
}
