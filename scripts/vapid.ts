/** Prints a new key pair for pushed notifications, with what to do with it. */
import { makeVapidKeys } from "./lib/vapid-keys.ts";

const { publicKey, privateKey } = await makeVapidKeys();
console.log(`Set these in wrangler.toml, with an address at which push services can reach you:

  VAPID_PUBLIC_KEY = "${publicKey}"
  VAPID_SUBJECT = "mailto:you@example.com"

and this one with \`pnpm exec wrangler secret put VAPID_PRIVATE_KEY\`:

  ${privateKey}

With other keys later, each browser subscribes again when its user next opens the site.`);
