import { useState } from "react";
import type { Reader } from "../../../lib/date-groups.ts";
import { trpc } from "../../../lib/trpc.ts";
import { useDebounced } from "../../../lib/use-debounced.ts";
import { useReader } from "../../../lib/use-reader.ts";
import { PagedList } from "../../../ui/paged-list.tsx";
import { PageHeader } from "../frame/page-header.tsx";
import { SearchField } from "../frame/search-field.tsx";
import { Select } from "../frame/select.tsx";
import { useListFilter } from "../frame/use-list-filter.ts";
import { EventExport } from "./event-export.tsx";
import { readEventFilter } from "./event-filter.ts";
import { EventRow } from "./event-row.tsx";
import { actionNames } from "./event-text.ts";

/** What administrators did, with filters and a file of it. */
export function AuditPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const [parameters, choose] = useListFilter();
  const [text, setText] = useState(parameters.get("about") ?? "");
  const about = useDebounced(text.trim());
  const { about: _, ...chosen } = readEventFilter(parameters);
  const filter = { ...chosen, ...(about !== "" && { about }) };
  const list = trpc.admin.audit.list.useInfiniteQuery(filter, {
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Something may have happened since.
    staleTime: 3_000,
    placeholderData: (before) => before,
  });
  return (
    <>
      <PageHeader title="Audit log">
        What administrators did. Entries can’t be changed or deleted.
      </PageHeader>
      <div className="flex flex-wrap items-end gap-3">
        <SearchField
          label="User"
          placeholder="Email or id of the user concerned"
          value={text}
          maxLength={254}
          onChange={(value) => {
            setText(value);
            if (parameters.has("about")) choose("about", "");
          }}
        />
        <Select
          label="Action"
          value={chosen.action ?? ""}
          options={[{ value: "", label: "All actions" }, ...actionNames]}
          onChange={(value) => choose("action", value)}
        />
        {(["from", "to"] as const).map((name) => (
          <DayField
            key={name}
            label={name === "from" ? "From (UTC)" : "To (UTC)"}
            value={parameters.get(name) ?? ""}
            onChange={(value) => choose(name, value)}
          />
        ))}
      </div>
      <EventExport filter={filter} />
      <PagedList query={list} label="Loading the audit log" empty="No entries.">
        {(events) => (
          <ul className="divide-y divide-line border-y border-line">
            {events.map((event) => (
              <EventRow key={event.id} event={event} reader={reader} />
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}

interface DayFieldProps {
  readonly label: string;
  /** YYYY-MM-DD; empty for any day. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <label className="grid gap-1 text-xs text-muted">
      {label}
      <input
        type="date"
        value={value}
        onChange={({ target }) => onChange(target.value)}
        className="h-10 rounded-lg border border-line-strong bg-raised px-3 text-sm text-ink max-md:h-11 max-md:text-base"
      />
    </label>
  );
}
