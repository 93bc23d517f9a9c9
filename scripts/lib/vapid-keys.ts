/** A key pair of a deployment, with which push services tell its messages from others. Base64url. */
export interface VapidKeys {
  /** 65 bytes. Browsers subscribe with it. */
  readonly publicKey: string;
  /** 32 bytes; a secret. */
  readonly privateKey: string;
}

/** Makes a new key pair for Web Push (RFC 8292). */
export async function makeVapidKeys(): Promise<VapidKeys> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const point = await crypto.subtle.exportKey("raw", pair.publicKey);
  const { d = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { publicKey: Buffer.from(point).toString("base64url"), privateKey: d };
}
