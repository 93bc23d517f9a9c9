/** More than a token has, and less than the API takes. */
const tokenMaxLength = 200;

/**
 * The token of an invitation, from what people paste: the whole link, also one of an earlier version
 * (`/signup?invite=…`), what is behind its `#`, or the token alone.
 *
 * @returns text that may be no token
 */
export function inviteTokenOf(pasted: string): string {
  const start = pasted.lastIndexOf("invite=");
  const token = start < 0 ? pasted : new URLSearchParams(pasted.slice(start)).get("invite");
  return (token ?? "").trim().slice(0, tokenMaxLength);
}
