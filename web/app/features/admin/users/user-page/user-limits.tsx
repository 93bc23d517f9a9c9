import { useState } from "react";
import { trpc } from "../../../../lib/trpc.ts";
import { Button } from "../../../../ui/button.tsx";
import { LoadingLines, QueryFailure } from "../../../../ui/load-state.tsx";
import { LimitsForm } from "../../limits/limits-form.tsx";

/** The limits of one user, which come before those of the user's role. Loaded when asked for. */
export function UserLimits({ userId }: { readonly userId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section aria-labelledby="user-limits">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="user-limits" className="text-lg font-semibold tracking-tight">
          Limits
        </h2>
        {!isOpen && <Button onClick={() => setIsOpen(true)}>Set limits</Button>}
      </div>
      {isOpen && <LoadedLimits userId={userId} />}
    </section>
  );
}

function LoadedLimits({ userId }: { readonly userId: string }) {
  const utils = trpc.useUtils();
  const limits = trpc.admin.limits.user.useQuery({ userId }, { staleTime: 3_000 });
  const update = trpc.admin.limits.updateUser.useMutation({
    onSuccess(saved) {
      utils.admin.limits.user.setData({ userId }, saved);
      void utils.admin.users.usage.invalidate({ userId });
    },
  });
  if (limits.isPending) return <LoadingLines label="Loading limits" widths={[55, 70]} />;
  if (!limits.data) return <QueryFailure query={limits} />;
  return (
    <div className="mt-5">
      <LimitsForm
        limits={limits.data}
        mutation={update}
        onSave={(change, onSaved) =>
          update.mutate({ userId, ...change }, { onSuccess: (saved) => onSaved(saved) })
        }
      />
    </div>
  );
}
