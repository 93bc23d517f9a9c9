import type { Viewer } from "../../viewer.ts";

/** How much a file, and all of a person's files, may have, in bytes. */
export interface UploadLimits {
  readonly pictureMaxBytes: number;
  /** Of any other file. */
  readonly fileMaxBytes: number;
  readonly pdfMaxBytes: number;
  /** null: no limit. */
  readonly storageMaxBytes: number | null;
}

const mebibyte = 1024 * 1024;

/** Default and, where one is needed, the most that a setting can ask for, in MB. */
const settings = {
  // A picture is looked through as a whole, and a model is given no more than 12 MiB at once.
  PICTURE_MAX_MB: { usual: 5, most: 12 },
  FILE_MAX_MB: { usual: 20, most: 90 },
  GUEST_STORAGE_MB: { usual: 50, most: Number.POSITIVE_INFINITY },
  ACCOUNT_STORAGE_MB: { usual: 1_000, most: Number.POSITIVE_INFINITY },
} as const;

/** A PDF is in memory as a whole while its text is read. */
const pdfMostBytes = 20 * mebibyte;

type Setting = keyof typeof settings;

/** The limits that hold for a viewer, as the operator has set them. A MB is 1,048,576 bytes here. */
export function uploadLimitsOf(
  env: Partial<Record<Setting, string>>,
  { isGuest }: Pick<Viewer, "isGuest">,
): UploadLimits {
  const storage = isGuest ? "GUEST_STORAGE_MB" : "ACCOUNT_STORAGE_MB";
  const fileMaxBytes = readBytes(env, "FILE_MAX_MB");
  return {
    pictureMaxBytes: readBytes(env, "PICTURE_MAX_MB"),
    fileMaxBytes,
    pdfMaxBytes: Math.min(fileMaxBytes, pdfMostBytes),
    storageMaxBytes: isUnlimited(env[storage]) ? null : readBytes(env, storage),
  };
}

/** What is no positive number is the default. */
function readBytes(env: Partial<Record<Setting, string>>, name: Setting): number {
  const { usual, most } = settings[name];
  const value = Number(env[name]);
  const megabytes = Number.isFinite(value) && value > 0 ? Math.min(value, most) : usual;
  return Math.floor(megabytes * mebibyte);
}

function isUnlimited(value: string | undefined): boolean {
  return value !== undefined && (value.trim() === "" || Number(value) === 0);
}

/** What a form adds to a file: a thumbnail, names and boundaries. */
const formAddsBytes = 500_000;

/** The most that the form of an upload can have, whoever sends it. */
export function formMaxBytes({ pictureMaxBytes, fileMaxBytes }: UploadLimits): number {
  return Math.max(pictureMaxBytes, fileMaxBytes) + formAddsBytes;
}

/** A size for people: "5 MB". */
export function sizeText(bytes: number): string {
  const megabytes = bytes / mebibyte;
  if (megabytes >= 1) return `${Number(megabytes.toFixed(1))} MB`;
  return bytes >= 1_024 ? `${Math.round(bytes / 1_024)} KB` : `${bytes} bytes`;
}
