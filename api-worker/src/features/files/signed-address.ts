/**
 * Addresses of files that open without a cookie, for a while: for a model's provider that takes
 * addresses and no bytes. Off unless the operator has set a secret and the site's public origin.
 */
import { encodeHexLowerCase } from "@oslojs/encoding";
import { fileAddress } from "../../contracts/uploads.ts";

/** An address opens for this long at most. */
export const addressLifeMaxMs = 60 * 60_000;

export interface AddressSettings {
  /** A secret of the deployment. */
  readonly FILE_ADDRESS_SECRET?: string | undefined;
  /** Where the site is, like `https://chat.example.com`. */
  readonly PUBLIC_ORIGIN?: string | undefined;
}

/**
 * Makes an address of a file that anyone can open until it expires.
 *
 * @param lifeMs how long; at most {@link addressLifeMaxMs}
 * @param now epoch ms
 * @returns null where such addresses are off
 */
export async function signAddress(
  settings: AddressSettings,
  uploadId: string,
  lifeMs: number,
  now: number,
): Promise<URL | null> {
  const { FILE_ADDRESS_SECRET: secret, PUBLIC_ORIGIN: origin } = settings;
  if (!secret || !origin) return null;
  const expires = now + Math.min(lifeMs, addressLifeMaxMs);
  const url = new URL(fileAddress(uploadId), origin);
  url.searchParams.set("expires", String(expires));
  url.searchParams.set("signature", await sign(secret, url.pathname, expires));
  return url;
}

/** Whether an address was made by {@link signAddress} for this file, and is not past its time. */
export async function isSigned(settings: AddressSettings, url: URL, now: number): Promise<boolean> {
  const { FILE_ADDRESS_SECRET: secret } = settings;
  const signature = url.searchParams.get("signature");
  const expires = Number(url.searchParams.get("expires"));
  if (!secret || signature === null || !Number.isSafeInteger(expires)) return false;
  if (expires <= now || expires > now + addressLifeMaxMs) return false;
  const expected = new TextEncoder().encode(await sign(secret, url.pathname, expires));
  const given = new TextEncoder().encode(signature);
  return given.length === expected.length && crypto.subtle.timingSafeEqual(given, expected);
}

/** HMAC with SHA-256 over path and end, hex. */
async function sign(secret: string, pathname: string, expires: number): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const message = encoder.encode(`${pathname}\n${expires}`);
  return encodeHexLowerCase(new Uint8Array(await crypto.subtle.sign("HMAC", key, message)));
}
