import { AppError } from "../../../errors.ts";

/** The person that a password is for. */
interface Person {
  readonly email: string | null;
  readonly name?: string | null | undefined;
}

/** Words that everyone connects with this product. */
const productWords = ["alleato", "chat"];
/** Shorter words are in too many passwords by chance. */
const wordMinLength = 4;
/** Letters that a password must have besides words about the person or the product. */
const ownLettersMin = 4;

/**
 * Refuses a password that is among the first that anyone would guess: one of the 49,000 most
 * common, one sign or a short group of signs repeated, neighbours in the alphabet, or the person's
 * own address or name or the product's, with digits or signs around.
 *
 * @param field of the input that the password came in
 * @throws AppError INVALID
 */
export async function refuseWeakPassword(
  password: string,
  person: Person,
  field: "password" | "newPassword",
): Promise<void> {
  if (!(await isWeak(password, person))) return;
  const message = "This password is too easy to guess. Use one that’s harder to guess.";
  throw new AppError("INVALID", message, { fields: { [field]: message } });
}

async function isWeak(password: string, person: Person): Promise<boolean> {
  const signs = [...fold(password)];
  if (isRepeated(signs) || isSequence(signs) || isAbout(squash(password), person)) return true;
  const common = await commonPasswords();
  return common.has(fold(password)) || common.has(squash(password));
}

/** Case, width and the ways to write accents do not make a password harder to guess. */
function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** Letters and digits only. */
function squash(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]/gu, "");
}

/** At most two different signs, or up to four that repeat. */
function isRepeated(signs: readonly string[]): boolean {
  if (new Set(signs).size <= 2) return true;
  return [3, 4].some((length) =>
    signs.every((sign, index) => index < length || sign === signs[index - length]),
  );
}

/** Each sign is the next after the one before, or each the one before it. */
function isSequence(signs: readonly string[]): boolean {
  const points = signs.map((sign) => sign.codePointAt(0) ?? 0);
  const steps = points.slice(1).map((point, index) => point - (points[index] ?? 0));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

function isAbout(squashed: string, { email, name }: Person): boolean {
  const texts = [email ?? "", name ?? ""];
  const parts = texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u)).map(squash);
  const local = (email ?? "").slice(0, email?.lastIndexOf("@"));
  const words = [...texts.map(squash), squash(local), ...parts, ...productWords]
    .filter((word) => word.length >= wordMinLength)
    .sort((one, other) => other.length - one.length);
  const rest = words.reduce((text, word) => text.replaceAll(word, ""), squashed);
  const isChanged = rest.length < squashed.length;
  return isChanged && rest.replace(/\p{N}/gu, "").length < ownLettersMin;
}

let common: Promise<ReadonlySet<string>> | undefined;

/** Unpacked at the first sign-up in an isolate, and not at its start. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"]),
  );
  return common;
}
