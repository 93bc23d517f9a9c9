import { useId, useRef, useState } from "react";
import { errorText } from "../../../lib/error-text.ts";
import { noteLeaving } from "../../../lib/session-change.ts";
import { trpc } from "../../../lib/trpc.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";

/** Logs the viewer out of every browser, this one too, and revokes all API tokens. */
export function EndEverything() {
  const titleId = useId();
  const [isAsking, setAsking] = useState(false);
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className="text-lg font-semibold tracking-tight">
        Log out everywhere
      </h2>
      <p className="mt-1 text-muted text-pretty">
        Logs you out of all browsers, including this one, and revokes all your API tokens.
      </p>
      <Button className="mt-4 text-danger" onClick={() => setAsking(true)}>
        Log out everywhere
      </Button>
      {isAsking && <EndEverythingDialog onClose={() => setAsking(false)} />}
    </section>
  );
}

function EndEverythingDialog({ onClose }: { onClose: () => void }) {
  const formRef = useRef<HTMLFormElement>(null);
  const revoke = trpc.auth.sessions.revokeAll.useMutation({
    onMutate: () => noteLeaving(),
    onError: () => noteLeaving(true),
    // Loads a fresh document and deletes what this browser keeps of the user.
    onSuccess: () => formRef.current?.submit(),
  });
  return (
    <>
      <ConfirmDialog
        title="Log out everywhere?"
        action="Log out everywhere"
        isPending={revoke.isPending || revoke.isSuccess}
        error={revoke.isError ? errorText(revoke.error) : null}
        onConfirm={() => revoke.mutate()}
        onClose={onClose}
      >
        You’ll have to log in again in this browser and all others. Programs that use your API
        tokens will stop working.
      </ConfirmDialog>
      <form ref={formRef} method="post" action="/logout" hidden />
    </>
  );
}
