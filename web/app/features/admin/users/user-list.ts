import {
  type UserKind,
  type UserSort,
  userKinds,
  userSorts,
} from "api-worker/contracts/admin-users";

export const kindNames: Record<UserKind, string> = {
  accounts: "Accounts",
  guests: "Guests",
  admins: "Administrators",
  disabled: "Disabled",
};

export const sortNames: Record<UserSort, string> = {
  newest: "Newest first",
  oldest: "Oldest first",
  email: "By email",
};

/** The list that an address asks for. */
export function readUserList(search: URLSearchParams): { kind: UserKind; sort: UserSort } {
  const [show, sort] = [search.get("show"), search.get("sort")];
  return {
    kind: userKinds.find((kind) => kind === show) ?? "accounts",
    sort: userSorts.find((one) => one === sort) ?? "newest",
  };
}
