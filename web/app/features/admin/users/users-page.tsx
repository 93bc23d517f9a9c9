import { userKinds, userSorts } from "api-worker/contracts/admin-users";
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
import { kindNames, readUserList, sortNames } from "./user-list.ts";
import { UserTable } from "./user-table.tsx";

/** How long the data that arrived with the page is fresh, in ms. */
const staleAfterMs = 3_000;

/** Everyone who uses the product, to be searched and sorted. */
export function UsersPage({ initialReader }: { initialReader: Reader }) {
  const reader = useReader(initialReader);
  const [parameters, choose] = useListFilter();
  const [text, setText] = useState("");
  const search = useDebounced(text.trim());
  const { kind, sort } = readUserList(parameters);
  const list = trpc.admin.users.list.useInfiniteQuery(
    { kind, sort, ...(search !== "" && { search }) },
    {
      getNextPageParam: ({ nextCursor }) => nextCursor,
      staleTime: staleAfterMs,
      placeholderData: (before) => before,
    },
  );
  // Guests have no address to be sorted by.
  const isGuestList = kind === "guests" && search === "";
  return (
    <>
      <PageHeader title="Users" />
      <div className="flex flex-wrap items-center gap-3">
        <SearchField
          label="Search users"
          placeholder="Name, email, @domain or id"
          value={text}
          maxLength={254}
          onChange={setText}
        />
        <div className="flex flex-wrap gap-3">
          <Select
            label="Show"
            value={kind}
            options={userKinds.map((value) => ({ value, label: kindNames[value] }))}
            onChange={(value) => choose("show", value)}
          />
          <Select
            label="Sort"
            value={search !== "" ? "email" : isGuestList && sort === "email" ? "newest" : sort}
            disabled={search !== ""}
            options={userSorts
              .filter((one) => !isGuestList || one !== "email")
              .map((value) => ({ value, label: sortNames[value] }))}
            onChange={(value) => choose("sort", value)}
          />
        </div>
      </div>
      <PagedList
        query={list}
        label="Loading users"
        empty={
          search === ""
            ? "There are no users here."
            : "No user has a name or an email address that begins like this."
        }
      >
        {(users) => <UserTable users={users} reader={reader} />}
      </PagedList>
    </>
  );
}
