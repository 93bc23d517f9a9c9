/** Decides, over all users at once, who keeps an address that several have. */
import { cutText } from "../../src/contracts/cut-text.ts";
import { canonicalEmail } from "../../src/contracts/email-address.ts";
import { limits } from "../../src/contracts/limits.ts";
import type { RawRow } from "../model.ts";
import { isTrue, mended } from "./values.ts";

export interface EmailDecision {
  /** The address here; null for a guest. */
  readonly email: string | null;
  readonly isGuest: boolean;
  /** Why the address is not the user's own. */
  readonly problem: "taken" | "invalid" | null;
}

/** What the decision needs of a user. */
export interface EmailUser {
  readonly id: string;
  readonly email: string | null;
  readonly isGuest: boolean;
  /** When the user's first chat or document was made, as text that sorts by time. */
  readonly firstUsedAt: string | null;
}

const guestPattern = /^guest-\d+$/;

/** Reads what the decision needs. */
export function emailUserOf(user: RawRow, firstUsedAt: string | null): EmailUser {
  const email = user.email ?? null;
  return {
    id: user.id ?? "",
    email,
    isGuest: isTrue(user.isAnonymous) || guestPattern.test(email?.trim() ?? ""),
    firstUsedAt,
  };
}

/**
 * Decides the address of every user. Of several users whose addresses are one here, the one who was
 * first active keeps it; the others get one that is made from it, so that each account and its chats
 * are there.
 */
export function decideEmails(users: Iterable<EmailUser>): Map<string, EmailDecision> {
  const decisions = new Map<string, EmailDecision>();
  const claims = new Map<string, EmailUser[]>();
  const others: EmailUser[] = [];
  for (const user of users) {
    if (user.isGuest) {
      decisions.set(user.id, { email: null, isGuest: true, problem: null });
      continue;
    }
    const email = addressOf(user.email);
    if (email === null) others.push(user);
    else claims.set(email, [...(claims.get(email) ?? []), user]);
  }
  const taken = new Set(claims.keys());
  const give = (user: EmailUser, base: string, problem: "taken" | "invalid") => {
    const email = freeAddress(base, user.id, taken);
    taken.add(email);
    decisions.set(user.id, { email, isGuest: false, problem });
  };
  const inOrder = [...claims].sort(([a], [b]) => compare(a, b));
  for (const [email, claimants] of inOrder) {
    const [keeper, ...later] = claimants.sort(bySeniority);
    if (keeper) decisions.set(keeper.id, { email, isGuest: false, problem: null });
    for (const user of later) give(user, email, "taken");
  }
  for (const user of others.sort((a, b) => compare(a.id, b.id))) {
    give(user, "user@imported.invalid", "invalid");
  }
  return decisions;
}

/** The address as it is stored here; null for text that is none. */
function addressOf(text: string | null): string | null {
  const email = canonicalEmail(mended(text ?? ""));
  return email !== null && email.length <= limits.emailMaxLength ? email : null;
}

/** A longer suffix than a whole id has never been needed; a number makes it free all the same. */
const idDigits = 32;

/** An address with the beginning of the user's id, of which as much as makes it free. */
function freeAddress(base: string, id: string, taken: ReadonlySet<string>): string {
  const at = base.lastIndexOf("@");
  const domain = base.slice(at);
  const digits = id.toLowerCase().replaceAll(/[^0-9a-z]/g, "") || "0";
  for (let length = 8; ; length += 1) {
    const suffix = `+${digits.slice(0, length)}${length > idDigits ? `.${length}` : ""}`;
    const room = limits.emailMaxLength - domain.length - suffix.length;
    const local = cutText(base.slice(0, at), room).replace(/\.+$/, "");
    const email = `${local}${suffix}${domain}`;
    if (!taken.has(email)) return email;
  }
}

/** The first to use the product comes first; then the smaller id. */
function bySeniority(a: EmailUser, b: EmailUser): number {
  const never = "~";
  return compare(a.firstUsedAt ?? never, b.firstUsedAt ?? never) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
