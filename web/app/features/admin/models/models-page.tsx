import type { Reader } from "../../../lib/date-groups.ts";
import { timeText } from "../../../lib/date-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { useEditedForm } from "../form/use-edited-form.ts";
import { PageHeader } from "../frame/page-header.tsx";
import { ModelsForm } from "./models-form.tsx";

/** The models: who may use each, its name and its price. */
export function ModelsPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const models = trpc.admin.settings.models.useQuery(undefined, { staleTime: 3_000 });
  const { current, form } = useEditedForm(models);
  return (
    <>
      <PageHeader title="Models">
        Who can use each model, what it is called, and what it costs. Changes apply to the next
        message.
      </PageHeader>
      {!current && models.isPending && (
        <LoadingLines label="Loading models" widths={[40, 65, 50]} />
      )}
      {!current && models.isError && <QueryFailure query={models} />}
      {current && <ModelsForm key={current.version} settings={current} {...form} />}
      {current?.updatedAt != null && (
        <p className="text-sm text-muted">{`Settings last changed ${timeText(current.updatedAt, reader)}.`}</p>
      )}
    </>
  );
}
