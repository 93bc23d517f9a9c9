import type { LimitRole, RoleLimitsOutput } from "api-worker/contracts/admin-limits";
import { trpc } from "../../../lib/trpc.ts";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { PageHeader } from "../frame/page-header.tsx";
import { LimitsForm } from "./limits-form.tsx";

const roleNames: Record<LimitRole, string> = {
  guest: "Guests",
  user: "People with an account",
  admin: "Administrators",
};

/** The limits of everyone with a role. */
export function LimitsPage() {
  const limits = trpc.admin.limits.roles.useQuery(undefined, { staleTime: 3_000 });
  return (
    <>
      <PageHeader title="Limits">
        How much each person can use. A change applies to the next message. You can set other limits
        for one person on the person’s page.
      </PageHeader>
      {limits.isPending && <LoadingLines label="Loading limits" widths={[40, 65, 50]} />}
      {limits.isError && !limits.data && <QueryFailure query={limits} />}
      {limits.data?.roles.map((role) => (
        <RoleLimits key={role.role} limits={role} />
      ))}
    </>
  );
}

function RoleLimits({ limits }: { limits: RoleLimitsOutput["roles"][number] }) {
  const { role } = limits;
  const utils = trpc.useUtils();
  const update = trpc.admin.limits.updateRole.useMutation({
    onSuccess: (saved) => utils.admin.limits.roles.setData(undefined, saved),
  });
  return (
    <section
      aria-labelledby={`limits-${role}`}
      className="rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6"
    >
      <h2 id={`limits-${role}`} className="mb-5 text-lg font-semibold tracking-tight">
        {roleNames[role]}
      </h2>
      <LimitsForm
        limits={limits}
        mutation={update}
        onSave={(change, onSaved) =>
          update.mutate(
            { role, ...change },
            { onSuccess: ({ roles }) => roles.filter((saved) => saved.role === role).map(onSaved) },
          )
        }
      />
    </section>
  );
}
