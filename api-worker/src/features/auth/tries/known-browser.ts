/**
 * A secret that a browser keeps from its first login on, also when it logs out. Each account
 * remembers the hashes of the browsers that have logged in to it, and counts their failed tries
 * apart from those of others. It opens nothing.
 *
 * @see https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
import { encodeBase64urlNoPadding } from "@oslojs/encoding";
import type { Context } from "../../../context.ts";
import { sha256Hex } from "../../../platform/sha256.ts";
import { cookieTarget, readCookie, setCookie } from "../session/cookie.ts";

const cookieName = "browser";
/** As long as browsers keep a cookie at most. Each login renews it. */
const lifeSeconds = 400 * 24 * 60 * 60;
/** 32 random bytes as base64url. */
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** @returns null for a browser without the secret */
export function readBrowserSecret(request: Request, url: URL): string | null {
  const secret = readCookie(request, url, cookieName);
  return secret !== null && secretPattern.test(secret) ? secret : null;
}

/** Gives the browser its secret, or renews it. */
export function rememberBrowser(ctx: Pick<Context, "request" | "resHeaders">): string {
  const secret =
    ctx.request.browserSecret ??
    encodeBase64urlNoPadding(crypto.getRandomValues(new Uint8Array(32)));
  setCookie(cookieTarget(ctx), cookieName, secret, lifeSeconds);
  return secret;
}

/** What an account remembers of a browser. Another account has another key for it. */
export function browserKey(secret: string, email: string): string {
  return sha256Hex(`${secret} ${email}`);
}
