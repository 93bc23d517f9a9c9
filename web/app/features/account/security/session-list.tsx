import type { SessionOutput } from "api-worker/contracts/auth";
import { useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Reader } from "../../../lib/date-groups.ts";
import { errorText } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { browserText } from "./browser-text.ts";

/** The browsers in which the viewer is logged in, this one marked. */
export function SessionList({ reader }: { reader: Reader }) {
  const list = trpc.auth.sessions.list.useQuery();
  const titleId = useId();
  const titleRef = useRef<HTMLHeadingElement>(null);
  const [isEndingOthers, setEndingOthers] = useState(false);
  const current = list.data?.items.filter(({ isCurrent }) => isCurrent) ?? [];
  const others = list.data?.items.filter(({ isCurrent }) => !isCurrent) ?? [];
  return (
    <section aria-labelledby={titleId}>
      <h2
        ref={titleRef}
        id={titleId}
        tabIndex={-1}
        className="text-lg font-semibold tracking-tight outline-none"
      >
        Where you’re logged in
      </h2>
      {list.isPending && (
        <LoadingLines label="Loading sessions" widths={[50, 65, 40]} className="mt-4" />
      )}
      {list.isError && !list.data && <QueryFailure query={list} className="mt-3" />}
      {list.data && (
        <ul className="mt-3 divide-y divide-line border-y border-line">
          {[...current, ...others].map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              reader={reader}
              onEnded={() => titleRef.current?.focus()}
            />
          ))}
        </ul>
      )}
      {list.data && others.length === 0 && (
        <p className="mt-3 text-muted">You aren’t logged in anywhere else.</p>
      )}
      {others.length > 0 && (
        <Button className="mt-4" onClick={() => setEndingOthers(true)}>
          Log out all other browsers
        </Button>
      )}
      {isEndingOthers && (
        <EndOthersDialog
          onClose={() => setEndingOthers(false)}
          onEnded={() => {
            // Nothing outside a modal dialog can take the focus, so close it first.
            flushSync(() => setEndingOthers(false));
            titleRef.current?.focus();
          }}
        />
      )}
    </section>
  );
}

interface SessionRowProps {
  readonly session: SessionOutput;
  readonly reader: Reader;
  readonly onEnded: () => void;
}

function SessionRow({ session, reader, onEnded }: SessionRowProps) {
  const { id, userAgent, createdAt, lastSeenAt, isCurrent } = session;
  const utils = trpc.useUtils();
  const revoke = trpc.auth.sessions.revoke.useMutation({
    onSuccess() {
      utils.auth.sessions.list.setData(undefined, (list) =>
        list ? { items: list.items.filter((item) => item.id !== id) } : list,
      );
      onEnded();
    },
  });
  const format = new Intl.DateTimeFormat("en", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: reader.timeZone,
  });
  const name = browserText(userAgent);
  return (
    <li className="py-4">
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <h3 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-medium wrap-anywhere">
            {name}
            {isCurrent && (
              <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent">
                This browser
              </span>
            )}
          </h3>
          <p className="mt-0.5 flex flex-wrap gap-x-4 text-sm text-muted">
            <span>{isCurrent ? "Active now" : `Last active ${format.format(lastSeenAt)}`}</span>
            <span>Logged in {format.format(createdAt)}</span>
          </p>
        </div>
        {!isCurrent && (
          <Button
            isSmall
            isPending={revoke.isPending}
            onClick={() => revoke.mutate({ sessionId: id })}
            aria-label={`Log out ${name}`}
          >
            Log out
          </Button>
        )}
      </div>
      {!isCurrent && (
        <div className={revoke.isError ? "mt-3 -mb-5" : undefined}>
          <Alert>{revoke.isError && errorText(revoke.error)}</Alert>
        </div>
      )}
    </li>
  );
}

function EndOthersDialog({ onClose, onEnded }: { onClose: () => void; onEnded: () => void }) {
  const utils = trpc.useUtils();
  const revoke = trpc.auth.sessions.revokeOthers.useMutation({
    onSuccess() {
      utils.auth.sessions.list.setData(undefined, (list) =>
        list ? { items: list.items.filter(({ isCurrent }) => isCurrent) } : list,
      );
      onEnded();
    },
  });
  return (
    <ConfirmDialog
      title="Log out all other browsers?"
      action="Log out"
      isPending={revoke.isPending}
      error={revoke.isError ? errorText(revoke.error) : null}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      You’ll stay logged in here. API tokens keep working.
    </ConfirmDialog>
  );
}
