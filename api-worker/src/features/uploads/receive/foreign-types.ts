/** Says what a file is that cannot be uploaded, and what to do about it. */

/** A kind of files. */
interface Kind {
  /** With an article. */
  readonly one: string;
  readonly many: string;
  readonly cure: string;
}

const cures = {
  picture: "Save the image as JPEG or PNG and attach that.",
  document: "Save it as PDF and attach that.",
  table: "Save it as CSV or PDF and attach that.",
  archive: "Unpack it and attach the files in it.",
  other: "Attach images (JPEG, PNG, GIF, WebP), PDFs, or text.",
} as const;

type CureName = keyof typeof cures;

const endingsOfCures: Partial<Record<CureName, string>> = {
  picture: "bmp tif tiff ico heic heif avif psd ai eps raw jxl jp2 cr2 cr3 nef arw dng raf rw2 orf",
  document: "doc docx docm ppt pptx pptm odt odp rtf pages key epub",
  table: "xls xlsx xlsm ods numbers",
  archive: "zip gz tgz bz2 xz 7z rar tar jar",
};

const cureOfEnding = new Map<string, CureName>(
  Object.entries(endingsOfCures).flatMap(([cure, endings]) =>
    endings.split(" ").map((ending): [string, CureName] => [ending, cure as CureName]),
  ),
);

/** What to do with a file of an extension that is not supported. */
export function cureFor(ending: string): string {
  return cures[cureOfEnding.get(ending) ?? "other"];
}

/** Letters whose names begin with a vowel, as in “an RTF file”. */
const vowelNames = /^[AEFILMNORSX]/;

/**
 * The kind of a file by its detected type.
 *
 * @param mime for example `image/heic`
 * @param ending the type's usual extension
 */
export function kindOf(mime: string, ending: string): Kind {
  const cure = cureFor(ending);
  const label = ending === "tif" ? "TIFF" : ending.toUpperCase();
  const named = (noun: string): Kind => {
    const one = `${label} ${noun}`;
    return { one: `${vowelNames.test(one) ? "an" : "a"} ${one}`, many: `${one}s`, cure };
  };
  if (/^image\/hei[cf]/.test(mime)) return { one: "a HEIC image", many: "HEIC images", cure };
  if (mime.startsWith("image/")) return { ...named("image"), cure: cures.picture };
  if (mime.startsWith("video/")) return { one: "a video", many: "Videos", cure };
  if (mime.startsWith("audio/")) return { one: "an audio file", many: "Audio files", cure };
  return named(cureOfEnding.get(ending) === "archive" ? "archive" : "file");
}
