import nodeCrypto from "node:crypto";
import { constantTimeEqual } from "@oslojs/crypto/subtle";
import { decodeBase64IgnorePadding, encodeBase64NoPadding } from "@oslojs/encoding";
import { compare as compareBcrypt } from "bcryptjs";
import { breathe } from "../../../platform/breathe.ts";

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

/**
 * OWASP's least for N = 2^15: 32 MB and about 180 ms a hash. After a raise, older hashes are replaced
 * at their next login.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
const currentCost: ScryptCost = { logN: 15, r: 8, p: 3 };
const saltBytes = 16;
const keyBytes = 32;

const decoySalt = new Uint8Array(saltBytes);

/**
 * @param password as it was typed; it is hashed in Unicode's composed form (NFC), so that another
 *   keyboard's way to write an accent opens the account too
 * @returns the hash with its salt and parameters, in the PHC string format:
 *   `$scrypt$ln=15,r=8,p=3$<salt>$<key>`
 * @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = nodeCrypto.randomBytes(saltBytes);
  const key = await deriveKey(password.normalize("NFC"), salt, currentCost, keyBytes);
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
 * Compares a password with a stored hash in constant time: in its composed form, and then as it was
 * typed, which older hashes are made of. Accepts scrypt, and the bcrypt hashes of imported users.
 * What a wrong password costs depends on the password alone: without a readable hash, or with an
 * older one of scrypt, the same work is done.
 */
export async function verifyPassword(
  password: string,
  storedHash: string | null,
): Promise<PasswordVerdict> {
  const composed = password.normalize("NFC");
  if (await isPasswordOf(composed, storedHash)) {
    return { isRight: true, needsRehash: !isCurrent(storedHash) };
  }
  // Rehashed, so that the next login takes the composed form.
  const isRight = composed !== password && (await isPasswordOf(password, storedHash));
  return { isRight, needsRehash: isRight };
}

async function isPasswordOf(password: string, storedHash: string | null): Promise<boolean> {
  if (storedHash !== null && isBcrypt(storedHash)) return compareBcrypt(password, storedHash);
  const stored = storedHash === null ? null : parseScryptHash(storedHash);
  if (!stored) {
    await deriveKey(password, decoySalt, currentCost, keyBytes);
    return false;
  }
  const { cost, salt, key } = stored;
  if (constantTimeEqual(await deriveKey(password, salt, cost, key.length), key)) return true;
  const missing = missingWork(cost);
  if (missing) await deriveKey(password, decoySalt, missing, keyBytes);
  return false;
}

/** What a wrong guess at an older, cheaper hash must do besides. */
function missingWork({ logN, r, p }: ScryptCost): ScryptCost | null {
  const currentWork = currentCost.p * currentCost.r * 2 ** currentCost.logN;
  const missing = currentWork - p * r * 2 ** logN;
  // Never below 2^10, because `p` rises as N falls, and takes memory too.
  const padLogN = Math.max(10, logN);
  const padP = Math.round(missing / (r * 2 ** padLogN));
  return padP > 0 ? { logN: padLogN, r, p: padP } : null;
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

function isCurrent(storedHash: string | null): boolean {
  const cost = storedHash === null ? null : parseScryptHash(storedHash)?.cost;
  return cost?.logN === currentCost.logN && cost.r === currentCost.r && cost.p === currentCost.p;
}

/** scrypt's peak memory: 128·N·r for the table, 128·r·p for the blocks. */
function memoryBytes({ logN, r, p }: ScryptCost): number {
  return 128 * r * (2 ** logN + p);
}

/**
 * Hashes without a thread of its own, as workerd always does: so an isolate has one table in memory
 * at a time, however many logins it serves. Other requests run between two hashes.
 */
async function deriveKey(
  password: string,
  salt: Uint8Array,
  cost: ScryptCost,
  length: number,
): Promise<Uint8Array> {
  await breathe();
  return new Uint8Array(
    nodeCrypto.scryptSync(password, salt, length, {
      N: 2 ** cost.logN,
      r: cost.r,
      p: cost.p,
      maxmem: 2 * memoryBytes(cost),
    }),
  );
}
