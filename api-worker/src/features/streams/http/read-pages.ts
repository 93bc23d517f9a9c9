import { isJsonType, type Page, type StreamFacts } from "../stream-protocol.ts";

/** Reads the next page; null when the stream has ended. */
export type ReadOn = (offset: number, untilOffset: number) => Promise<Page | null>;

const encoder = new TextEncoder();

/**
 * The body of a response with everything up to the stream's current end: bytes as they are, JSON as
 * one array. Further pages are read while the client takes them. If the stream ends in between, the
 * connection breaks, so that the client cannot mistake a part for the whole.
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
  // The number of bytes is known, so the response has a Content-Length.
  return isJson ? rest : rest.pipeThrough(new FixedLengthStream(untilOffset - startOffset));
}
