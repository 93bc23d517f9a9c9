import { addressKey } from "../contracts/client-address.ts";

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);
const loopbackAddresses = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** Whether a URL points to the browser's own machine. */
export function isLoopbackUrl(url: URL): boolean {
  return loopbackHosts.has(url.hostname);
}

/**
 * Whether a request was made on the machine that the worker runs on. Both facts must agree: the
 * address asked for, and the client's address. The second cannot be forged in production, where
 * Cloudflare itself writes `CF-Connecting-IP`; a request without one is not local.
 */
export function isLocalRequest(request: { readonly url: URL; readonly address: string }): boolean {
  return isLoopbackUrl(request.url) && loopbackAddresses.has(request.address);
}

/**
 * The client's address as the limits count it.
 *
 * @returns null on a local machine, where all clients have the same address
 */
export function countedAddress(request: {
  readonly url: URL;
  readonly address: string;
}): string | null {
  return isLocalRequest(request) ? null : addressKey(request.address);
}
