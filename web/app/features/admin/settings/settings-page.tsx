import type { Reader } from "../../../lib/date-groups.ts";
import { timeText } from "../../../lib/date-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { useEditedForm } from "../form/use-edited-form.ts";
import { PageHeader } from "../frame/page-header.tsx";
import { SettingsForm } from "./settings-form.tsx";

/** The settings of the site that administrators change while it runs. */
export function SettingsPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const settings = trpc.admin.settings.get.useQuery(undefined, { staleTime: 3_000 });
  const { current, form } = useEditedForm(settings);
  return (
    <>
      <PageHeader title="Settings">
        Who can use this site, and how much. Changes apply at once to people who are logged in, and
        within a minute to visitors.
      </PageHeader>
      {!current && settings.isPending && (
        <LoadingLines label="Loading settings" widths={[40, 65, 50]} />
      )}
      {!current && settings.isError && <QueryFailure query={settings} />}
      {current && <SettingsForm key={current.version} settings={current} {...form} />}
      {current?.updatedAt != null && (
        <p className="text-sm text-muted">{`Last changed ${timeText(current.updatedAt, reader)}.`}</p>
      )}
    </>
  );
}
