import { isJsonType, type Page, type StreamFacts } from "../stream-protocol.ts";

/** Asks for the next page; null when the stream is no more. */
export type ReadOn = (offset: number, untilOffset: number) => Promise<Page | null>;

const encoder = new TextEncoder();

/**
 * The body of an answer that goes up to where the stream stands: bytes as they are, JSON as one
 * array. What is more than a page is read while the reader takes it. Should the stream end in
 * between, the connection breaks: a reader must never take a part for the whole.
 */
export function bodyOf(
  facts: StreamFacts,
  startOffset: number,
  firstPage: Page,
  readOn: ReadOn,
): BodyInit {
  const isJson = isJsonType(facts.contentType);
  const untilOffset = facts.nextOffset;
  if (firstPage.nextOffset >= untilOffset) {
    return isJson ? `[${new TextDecoder().decode(firstPage.body)}]` : firstPage.body;
  }
  let page = firstPage;
  const rest = new ReadableStream<Uint8Array>({
    start(controller) {
      if (isJson) controller.enqueue(encoder.encode("["));
      controller.enqueue(page.body);
    },
    async pull(controller) {
      if (page.nextOffset >= untilOffset) {
        if (isJson) controller.enqueue(encoder.encode("]"));
        return controller.close();
      }
      const next = await readOn(page.nextOffset, untilOffset);
      if (!next) throw new Error("The stream has ended while it was read.");
      page = next;
      if (isJson) controller.enqueue(encoder.encode(","));
      controller.enqueue(page.body);
    },
  });
  // Of bytes it is known how many there will be, and the reader is told.
  return isJson ? rest : rest.pipeThrough(new FixedLengthStream(untilOffset - startOffset));
}
