import { useMutation } from "@tanstack/react-query";
import { errorText } from "../../../lib/error-text.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import type { EventFormat } from "./event-file.client.ts";
import type { EventFilter } from "./event-filter.ts";
import { eventsPerFileMax, saveEvents } from "./save-events.ts";

/** Downloads the entries that the list shows. */
export function EventExport({ filter }: { readonly filter: EventFilter }) {
  const save = useMutation({ mutationFn: (format: EventFormat) => saveEvents(filter, format) });
  return (
    <div>
      <Alert>{save.isError && errorText(save.error)}</Alert>
      <div className="flex flex-wrap items-center gap-3">
        {(["csv", "json"] as const).map((format) => (
          <Button
            key={format}
            isSmall
            isPending={save.isPending && save.variables === format}
            onClick={() => save.mutate(format)}
          >
            {`Export as ${format.toUpperCase()}`}
          </Button>
        ))}
        <p role="status" className="text-sm text-muted">
          {save.data === false &&
            `The file has the newest ${eventsPerFileMax.toLocaleString("en")} entries. Choose earlier days to export the rest.`}
        </p>
      </div>
    </div>
  );
}
