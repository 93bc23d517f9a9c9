import type { Reader } from "../../../lib/date-groups.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { useViewer } from "../use-viewer.ts";
import { ChangePasswordForm } from "./change-password-form.tsx";
import { EndEverything } from "./end-everything.tsx";
import { SessionList } from "./session-list.tsx";

/** The page of the account's security: its password and its sessions. */
export function SecurityPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const { email } = useViewer();
  return (
    <>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">Security</h1>
        <p className="mt-1.5 text-muted text-pretty">
          Your password, and the browsers in which you’re logged in.
        </p>
      </header>
      <ChangePasswordForm email={email ?? ""} />
      <SessionList reader={reader} />
      <EndEverything />
    </>
  );
}
