/** Replaces the files named in messages by content that a model can read. */
import type { UIMessage } from "ai";
import { absentFile, labelOfFile, type ToldFile, textOfFile } from "../../../ai/file-text.ts";
import type { FileAbilities } from "../../../ai/models.ts";
import { dataParts, isAbsentFile } from "../../../contracts/message-parts.ts";
import { isPictureType, uploadIdOf } from "../../../contracts/uploads.ts";
import { fileBudget } from "./file-budget.ts";
import type { FileSource, SourceFile } from "./file-source.ts";

type Part = UIMessage["parts"][number];

/** The history for the model, and notes about its files for the reader. */
export interface AttachedFiles {
  readonly history: UIMessage[];
  /** Sentences without duplicates. */
  readonly notes: readonly string[];
}

/**
 * Replaces each file of a conversation by content that the model can read: its bytes, its text, or
 * a sentence that says why it is missing. No file part of the history is left, wherever it came
 * from, so the model call has no address to fetch.
 *
 * @param history oldest first
 * @throws what R2 throws
 */
export async function attachFiles(
  history: readonly UIMessage[],
  abilities: FileAbilities,
  source: FileSource,
): Promise<AttachedFiles> {
  const ids = history.flatMap(({ parts }) => parts.flatMap((part) => idOf(part) ?? []));
  const attachment = new Attachment(
    abilities,
    source,
    ids.length > 0 ? await source.find([...new Set(ids)]) : new Map(),
  );
  const attached: UIMessage[] = [];
  for (const [index, message] of history.toReversed().entries()) {
    attached.push(await attachment.attachTo(message, index === 0));
  }
  return { history: attached.toReversed(), notes: [...attachment.notes] };
}

function idOf(part: Part): string | null {
  return part.type === "file" ? uploadIdOf(part.url) : null;
}

type DataPart = Extract<Part, { type: `data-${string}` }>;

function isAbsent(part: Part): part is DataPart {
  return isAbsentFile(part.type);
}

class Attachment {
  readonly notes = new Set<string>();
  readonly #abilities: FileAbilities;
  readonly #source: FileSource;
  readonly #files: ReadonlyMap<string, SourceFile>;
  #bytesLeft: number = fileBudget.bytes;
  #textLeft: number = fileBudget.allTextLength;

  constructor(
    abilities: FileAbilities,
    source: FileSource,
    files: ReadonlyMap<string, SourceFile>,
  ) {
    this.#abilities = abilities;
    this.#source = source;
    this.#files = files;
  }

  /**
   * @param isLast whether the message is the one to answer: then each missing file is worth a note
   */
  async attachTo(message: UIMessage, isLast: boolean): Promise<UIMessage> {
    const parts: Part[] = [];
    for (const part of message.parts) {
      if (isAbsent(part)) {
        parts.push(...this.#describe(part, isLast));
      } else if (part.type === "file") {
        parts.push(...(await this.#attach(part, isLast)));
      } else {
        parts.push(part);
      }
    }
    return { ...message, parts };
  }

  #describe(part: DataPart, isLast: boolean): Part[] {
    if (part.type === "data-deleted-file") {
      const deleted = dataParts["deleted-file"].data.safeParse(part.data).data;
      const name = deleted?.filename ?? "A file";
      return [text(absentFile({ name }, "This file was deleted."))];
    }
    const foreign = dataParts["foreign-file"].data.safeParse(part.data).data;
    return this.#absent(foreign?.filename ?? "file", notStored, isLast);
  }

  async #attach(part: Extract<Part, { type: "file" }>, isLast: boolean): Promise<Part[]> {
    const id = uploadIdOf(part.url);
    const name = part.filename ?? "file";
    // Without an id it is from an early import, with an address elsewhere.
    const known = id === null ? undefined : this.#files.get(id);
    if (!known) return this.#absent(name, "is not there any more", isLast);
    const file = { ...known, name };
    if (isPictureType(file.mediaType)) {
      if (!this.#abilities.pictures) {
        return this.#absent(name, `can’t be seen by ${this.#abilities.modelName}`, true);
      }
      const whole = await this.#whole(file);
      return whole ?? this.#absent(name, "did not fit in beside the newer files", true);
    }
    if (file.mediaType === "application/pdf" && this.#abilities.pdf) {
      const whole = await this.#whole(file);
      if (whole) return whole;
    }
    return this.#asText(file);
  }

  /** The file unchanged; null when it does not fit. */
  async #whole(file: SourceFile & ToldFile): Promise<Part[] | null> {
    const { mediaType, name: filename } = file;
    if (file.bytes > this.#bytesLeft) return null;
    const bytes = await this.#source.bytes(file);
    if (!bytes) return null;
    this.#bytesLeft -= bytes.length;
    const url = `data:${mediaType};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")}`;
    return [text(labelOfFile(file)), { type: "file", mediaType, filename, url }];
  }

  async #asText(file: SourceFile & ToldFile): Promise<Part[]> {
    const max = Math.min(fileBudget.textLength, this.#textLeft);
    if (max === 0) return this.#absent(file.name, "did not fit in beside the newer files", true);
    const read = await this.#source.text(file, max);
    if (!read) return this.#absent(file.name, "could not be read as text", true);
    if (read.text.trim() === "") return this.#absent(file.name, "has no text in it", true);
    this.#textLeft -= read.text.length;
    if (read.isCut) {
      const length = read.text.length.toLocaleString("en");
      this.notes.add(`Only the first ${length} characters of “${file.name}” were read.`);
    }
    return [text(textOfFile(file, read.text, read.isCut))];
  }

  #absent(name: string, why: string, isWorthANote: boolean): Part[] {
    if (isWorthANote) this.notes.add(`“${name}” ${why}.`);
    return [text(absentFile({ name }, `This file ${why}.`))];
  }
}

const notStored = "is not stored here, so it was not read";

function text(value: string): Part {
  return { type: "text", text: value };
}
