import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { InTurn } from "../../../platform/in-turn.ts";
import { objectKey, textKey } from "../object-keys.ts";
import { type CutText, readPdfText } from "./pdf-text.ts";

/** The object stored beside a PDF: its text, or the number of attempts to read it. */
const keptSchema = z.union([
  z.object({ text: z.string(), isCut: z.boolean(), maxLength: z.number() }),
  z.object({ tries: z.number() }),
]);
/**
 * A PDF whose reading crashed the object this often, by running out of memory, is not read again.
 */
const triesMax = 2;

/**
 * The Durable Object that reads the text of one PDF, so that a PDF that takes long keeps no chat
 * from its other calls. It stores nothing itself: the text is kept beside the file.
 */
export class PdfObject extends DurableObject<Env> {
  readonly #reads = new InTurn();

  /**
   * Reads the text, once: later calls get the kept one.
   *
   * @param maxLength characters
   * @returns null when the PDF cannot be read
   */
  readText(uploadId: string, maxLength: number): Promise<CutText | null> {
    // One after the other, so that two turns do not unfold the same file at once.
    return this.#reads.run(() => this.#read(uploadId, maxLength));
  }

  async #read(uploadId: string, maxLength: number): Promise<CutText | null> {
    const { FILES: bucket } = this.env;
    const key = textKey(uploadId);
    const kept = await bucket.get(key);
    const known = kept && keptSchema.safeParse(await kept.json().catch(() => null)).data;
    if (known && "text" in known && known.maxLength === maxLength) return known;
    const tries = known && "tries" in known ? known.tries : 0;
    if (tries >= triesMax) return null;
    const keep = (value: z.infer<typeof keptSchema>) => bucket.put(key, JSON.stringify(value));
    const object = await bucket.get(objectKey(uploadId));
    if (!object) return null;
    await keep({ tries: tries + 1 });
    const read = await readPdfText(new Uint8Array(await object.arrayBuffer()), maxLength);
    await keep(read ? { ...read, maxLength } : { tries: triesMax });
    return read;
  }
}
