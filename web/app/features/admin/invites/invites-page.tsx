import type { CreatedInviteOutput, InviteOutput } from "api-worker/contracts/admin-invites";
import { useState } from "react";
import { Link } from "react-router";
import type { Reader } from "../../../lib/date-groups.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { Button } from "../../../ui/button.tsx";
import { PagedList } from "../../../ui/paged-list.tsx";
import { PageHeader } from "../frame/page-header.tsx";
import { CreateInviteDialog } from "./create-invite-dialog.tsx";
import { CreatedInvite } from "./created-invite.tsx";
import { InviteRow } from "./invite-row.tsx";
import { RevokeInviteDialog } from "./revoke-invite-dialog.tsx";

/** The invitations to create an account: makes, lists and revokes them. */
export function InvitesPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const [isCreating, setIsCreating] = useState(false);
  const [created, setCreated] = useState<CreatedInviteOutput | null>(null);
  const [toRevoke, setToRevoke] = useState<InviteOutput | null>(null);
  const list = trpc.admin.invites.list.useInfiniteQuery(
    {},
    { getNextPageParam: ({ nextCursor }) => nextCursor, staleTime: 3_000 },
  );
  const [firstPage] = list.data?.pages ?? [];
  return (
    <>
      <PageHeader title="Invitations">
        Links that let people create an account. You choose how often each one works, and for how
        long.
      </PageHeader>
      {firstPage && !firstPage.isNeeded && (
        <p className="rounded-lg border border-line bg-surface px-4 py-3 text-sm text-pretty">
          Invitations have no effect right now. To use them, go to{" "}
          <Link
            to="/admin/settings"
            className="font-medium text-accent underline underline-offset-2"
          >
            Settings
          </Link>{" "}
          and let people with an invitation sign up.
        </p>
      )}
      {created ? (
        <CreatedInvite invite={created} reader={reader} onDone={() => setCreated(null)} />
      ) : (
        <div>
          <Button look="primary" onClick={() => setIsCreating(true)}>
            New invitation
          </Button>
        </div>
      )}
      <section aria-label="All invitations">
        <PagedList
          query={list}
          label="Loading invitations"
          empty="No invitations yet. Make one, and send its link to the person you’d like to invite."
        >
          {(invites) => (
            <ul className="divide-y divide-line border-y border-line">
              {invites.map((invite) => (
                <InviteRow
                  key={invite.id}
                  invite={invite}
                  reader={reader}
                  onRevoke={() => setToRevoke(invite)}
                />
              ))}
            </ul>
          )}
        </PagedList>
      </section>
      {isCreating && (
        <CreateInviteDialog
          onCreated={(invite) => {
            setCreated(invite);
            setIsCreating(false);
          }}
          onClose={() => setIsCreating(false)}
        />
      )}
      {toRevoke && <RevokeInviteDialog invite={toRevoke} onClose={() => setToRevoke(null)} />}
    </>
  );
}
