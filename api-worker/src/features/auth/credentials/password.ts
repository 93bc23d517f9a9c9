import nodeCrypto, { type ScryptOptions } from "node:crypto";
import { constantTimeEqual } from "@oslojs/crypto/subtle";
import { decodeBase64IgnorePadding, encodeBase64NoPadding } from "@oslojs/encoding";
import { compare as compareBcrypt } from "bcryptjs";

/** scrypt's cost: N = 2^`logN`, block size `r`, parallelism `p`. Stored in each hash. */
interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

interface ScryptHash {
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** About 25 ms and 16 MB per hash. After a raise, older hashes are replaced at their next login. */
const currentCost: ScryptCost = { logN: 14, r: 8, p: 1 };
const saltBytes = 16;
const keyBytes = 32;

/**
 * A login without a usable hash is compared with this, so that it costs the same. No password leads
 * to this key, and the result is ignored anyway.
 */
const decoy: ScryptHash = {
  cost: currentCost,
  salt: new Uint8Array(saltBytes),
  key: new Uint8Array(keyBytes),
};

/**
 * @returns the hash with its salt and parameters, in the PHC string format:
 *   `$scrypt$ln=14,r=8,p=1$<salt>$<key>`
 * @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = nodeCrypto.randomBytes(saltBytes);
  const key = await deriveKey(password, salt, currentCost, keyBytes);
  const { logN, r, p } = currentCost;
  const encoded = [salt, key].map((bytes) => encodeBase64NoPadding(new Uint8Array(bytes)));
  return `$scrypt$ln=${logN},r=${r},p=${p}$${encoded.join("$")}`;
}

export interface PasswordVerdict {
  readonly isRight: boolean;
  /** The password is right, but its hash is outdated: store a new one now. */
  readonly needsRehash: boolean;
}

/**
 * Compares a password with a stored hash in constant time. Accepts scrypt, and the bcrypt hashes of
 * imported users. Without a readable hash it does the same work and says that the password is
 * wrong.
 */
export async function verifyPassword(
  password: string,
  storedHash: string | null,
): Promise<PasswordVerdict> {
  if (storedHash !== null && isBcrypt(storedHash)) {
    const isRight = await compareBcrypt(password, storedHash);
    return { isRight, needsRehash: isRight };
  }
  const stored = storedHash === null ? null : parseScryptHash(storedHash);
  const { cost, salt, key } = stored ?? decoy;
  const isSame = constantTimeEqual(await deriveKey(password, salt, cost, key.length), key);
  const isRight = isSame && stored !== null;
  return { isRight, needsRehash: isRight && !isCurrent(cost) };
}

/** bcrypt with a cost of at most 14, so that a rogue row cannot keep the worker busy for hours. */
function isBcrypt(hash: string): boolean {
  return /^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/.test(hash);
}

function parseScryptHash(hash: string): ScryptHash | null {
  const match =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash);
  if (!match) return null;
  const [, logN, r, p, salt = "", key = ""] = match;
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  if (cost.logN < 1 || memoryBytes(cost) > 64 * 1024 * 1024 || cost.r < 1 || cost.p < 1) {
    return null;
  }
  return {
    cost,
    salt: decodeBase64IgnorePadding(salt),
    key: decodeBase64IgnorePadding(key),
  };
}

function isCurrent({ logN, r, p }: ScryptCost): boolean {
  return logN === currentCost.logN && r === currentCost.r && p === currentCost.p;
}

/** scrypt's peak memory: 128·N·r for the table, 128·r·p for the blocks. */
function memoryBytes({ logN, r, p }: ScryptCost): number {
  return 128 * r * (2 ** logN + p);
}

function deriveKey(
  password: string,
  salt: Uint8Array,
  cost: ScryptCost,
  length: number,
): Promise<Uint8Array> {
  const options: ScryptOptions = {
    N: 2 ** cost.logN,
    r: cost.r,
    p: cost.p,
    maxmem: 2 * memoryBytes(cost),
  };
  return new Promise((resolve, reject) => {
    nodeCrypto.scrypt(password, salt, length, options, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}
