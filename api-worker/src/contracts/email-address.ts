import { z } from "zod";
import { limits } from "./limits.ts";

/**
 * An email address in the one form that it is stored and looked up in: trimmed, in lower case, NFC,
 * and with the domain as DNS writes it (`пример.рф` is `xn--e1afmkfd.xn--p1ai`). So every spelling
 * of an address is one account, and letters that only look alike are not.
 *
 * Takes what RFC 5322 calls a dot-atom before the @ sign, with signs of any script (RFC 6531),
 * and a domain name of at least two labels behind it. Refuses quoted local parts and IP addresses.
 */
export const emailSchema = z
  .string()
  // An address that is far too long costs nothing.
  .max(4 * limits.emailMaxLength, "This email address is too long.")
  .transform((text, ctx) => {
    const email = canonicalEmail(text);
    if (email === null) {
      ctx.addIssue("Enter a valid email address, like name@example.com.");
      return z.NEVER;
    }
    if (email.length > limits.emailMaxLength) {
      ctx.addIssue("This email address is too long.");
      return z.NEVER;
    }
    return email;
  });

/** RFC 5322's dot-atom, and signs beyond ASCII that can be seen. */
const localPattern =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~\u{80}-\u{10ffff}-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~\u{80}-\u{10ffff}-]+)*$/u;
const invisible = /[\p{C}\p{Z}]/u;
/** Signs that a URL's host may have, or that end it, and a domain may not. */
const notInDomain = /[\s%:/\\?#@[\]]/;
const domainPattern = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** @returns null for text that is not an address */
export function canonicalEmail(text: string): string | null {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, at).toLowerCase().normalize("NFC");
  const domain = canonicalDomain(trimmed.slice(at + 1));
  if (domain === null || invisible.test(local) || !localPattern.test(local)) return null;
  return `${local}@${domain}`;
}

/**
 * The domain by the rules for hosts in URLs: case, width and normal form fold, and IDNA applies.
 *
 * @returns null for text that is not a domain
 */
export function canonicalDomain(domain: string): string | null {
  if (notInDomain.test(domain)) return null;
  const url = `http://${domain}`;
  if (!URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  return domainPattern.test(hostname) ? hostname : null;
}
