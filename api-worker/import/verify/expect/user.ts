/** The row that a user of the source should have. */
import type { RawGroup, RawRow } from "../../model.ts";
import type { ComparedRow } from "../compare/compared-row.ts";
import { givenAddress } from "../stored/stored-form.ts";
import { type ExpectContext, expectedRow } from "./context.ts";
import { beginningOf, isYes, storable } from "./text-values.ts";
import { readMs } from "./times.ts";

type UserGroup = Extract<RawGroup, { kind: "user" }>;

/** A guest of the template: by its address, or by the column of a later state. */
export function isGuest(user: RawRow): boolean {
  return isYes(user.isAnonymous) || /^guest-\d+$/.test((user.email ?? "").trim());
}

const localPattern = /^[^\s"(),:;<>@[\\\]]+$/u;
const hostPattern = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** An address in the form in which the product looks it up; null for text that is no address. */
export function addressHere(text: string | null | undefined): string | null {
  const trimmed = storable(text ?? "").trim();
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, at).toLowerCase().normalize("NFC");
  const domain = trimmed.slice(at + 1);
  if (at < 1 || /[\s%:/\\?#@[\]]/.test(domain) || !URL.canParse(`http://${domain}`)) return null;
  const host = new URL(`http://${domain}`).hostname;
  const isLocal =
    localPattern.test(local) && !/[\p{C}\p{Z}]/u.test(local) && !/^\.|\.$|\.\./.test(local);
  const address = `${local}@${host}`;
  return isLocal && hostPattern.test(host) && address.length <= 254 ? address : null;
}

export function expectUser(
  group: UserGroup,
  { zone, addresses }: ExpectContext,
): readonly ComparedRow[] {
  const { id, user, firstUsedAt } = group;
  const isOfGuest = isGuest(user);
  const own = addressHere(user.email);
  const keeps = own !== null && addresses.keeperOf(own) === id;
  const createdAt = readMs(user.createdAt, zone) ?? readMs(firstUsedAt, zone) ?? 0;
  const isVerified = keeps && !isOfGuest && isYes(user.emailVerified);
  return [
    expectedRow("users", id, {
      id,
      email: isOfGuest ? null : keeps ? own : givenAddress,
      passwordHash: isOfGuest ? null : passwordOf(group),
      name: beginningOf(storable(user.name ?? "").trim(), 100).trim() || null,
      ...{ role: "user", isGuest: isOfGuest ? 1 : 0, contentShard: 0 },
      ...{ emailVerifiedAt: isVerified ? createdAt : null, createdAt },
    }),
  ];
}

/** The hash of the row, or of the account of the user that has one. */
function passwordOf({ user, accounts = [] }: UserGroup): string | null {
  const account = accounts.find(({ providerId, password }) => {
    return (providerId ?? "credential") === "credential" && password;
  });
  const hash = user.password || account?.password;
  return hash ? storable(hash) : null;
}

/**
 * Who keeps an address that several users have: the one who was active first, and of equals the one
 * with the smaller id.
 */
export class Addresses {
  readonly #keepers = new Map<string, { readonly id: string; readonly firstUsedAt: string }>();

  add({ id, user, firstUsedAt }: UserGroup): void {
    const address = isGuest(user) ? null : addressHere(user.email);
    if (address === null) return;
    const one = { id, firstUsedAt: firstUsedAt ?? "~" };
    const other = this.#keepers.get(address);
    const isFirst =
      !other ||
      one.firstUsedAt < other.firstUsedAt ||
      (one.firstUsedAt === other.firstUsedAt && one.id < other.id);
    if (isFirst) this.#keepers.set(address, one);
  }

  keeperOf(address: string): string | undefined {
    return this.#keepers.get(address)?.id;
  }
}
