/**
 * Attack: a text that takes long to render. One anonymous request for a shared chat with it kept
 * everyone's requests waiting for 31 seconds. Work is counted, not timed.
 */
import { limits } from "api-worker/contracts/limits";
import { renderToReadableStream, renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { Markdown } from "../markdown/markdown.tsx";
import { countWork } from "../markdown/testing/count-work.ts";
import { hostileTexts } from "../markdown/testing/hostile-texts.ts";
import type { ChatMessage } from "../message.ts";
import { MessageList } from "./message-list.tsx";

vi.mock("katex/dist/katex.min.css?url", () => ({ default: "/katex.css" }));

const texts = Object.entries(hostileTexts);

function pageOf(messages: readonly ChatMessage[]) {
  const nothing = () => {};
  return (
    <MessageList
      messages={messages}
      versions={new Map()}
      votes={new Map()}
      editedId={null}
      target={null}
      isAnswering={false}
      isReconnecting={false}
      isLost={false}
      hasOlder={false}
      isLoadingOlder={false}
      sentCount={0}
      printing={{ isWhole: false, isPreparing: false }}
      onLoadOlder={nothing}
      onForgetOlder={nothing}
      onReconnect={nothing}
      onContinue={null}
      onRegenerate={null}
    />
  );
}

const answer = (id: string, text: string): ChatMessage => ({
  id,
  role: "assistant",
  parts: [{ type: "text", text }],
  metadata: { status: "complete", parentId: null },
});

/** Renders a page as the server does, and counts its work and its elements. */
async function serve(messages: readonly ChatMessage[]) {
  const { steps, result } = await countWork(async () => {
    const body = await renderToReadableStream(pageOf(messages));
    await body.allReady;
    return new Response(body).text();
  });
  return { steps, html: result, elements: result.match(/<[a-z]/g)?.length ?? 0 };
}

/** The longest text that an import may bring, in characters of one byte. */
const longest = limits.importMessageMaxBytes - 1000;

/** What a page may cost, whatever is on it: twice to three times a page of plain words. */
const stepsMax = 12_000_000;
const elementsMax = 50_000;

test.each(texts)("a page with the longest text of %s costs the server little", async (_, make) => {
  const { steps, elements } = await serve([answer("a", make(longest))]);
  expect(steps).toBeGreaterThan(100_000);
  expect(steps).toBeLessThan(stepsMax);
  expect(elements).toBeLessThan(elementsMax);
});

test("a page with many such messages costs no more than one", async () => {
  const kinds = ["formulas of one letter", "code of brackets", "long formulas", "a long row"];
  for (const kind of kinds) {
    const text = hostileTexts[kind]?.(30_000) ?? "";
    const messages = Array.from({ length: 16 }, (_, index) => answer(`a${index}`, text));
    const { steps, elements } = await serve(messages);
    expect(steps).toBeLessThan(stepsMax);
    expect(elements).toBeLessThan(elementsMax);
  }
});

test("the newest messages are rendered first, and no word is left out", async () => {
  const old = answer("a", `**old**\n\n${"old words ".repeat(5_000)}`);
  const long = answer("b", `**first**\n\n${"many words ".repeat(20_000)}\n\n**last** of b`);
  const { html } = await serve([old, long, answer("c", "**new**")]);
  expect(html).toContain("<strong>new</strong>");
  expect(html).toContain("<strong>first</strong>");
  expect(html).toContain("**last** of b");
  expect(html).toContain("**old**");
  expect(html.match(/many words/g)?.length).toBeGreaterThanOrEqual(20_000);
});

test.each(texts)("the work for %s grows with its length, not faster", async (_, make) => {
  const work = async (length: number) => {
    const page = <Markdown text={make(length)} isStreaming={false} />;
    return (await countWork(async () => renderToStaticMarkup(page))).steps;
  };
  expect(await work(40_000)).toBeLessThan(2.5 * (await work(20_000)));
});
