/**
 * Attack: a text that takes long to render. One anonymous request for a shared chat with it kept
 * everyone's requests waiting for 31 seconds. Work is counted, not timed.
 */
import { limits } from "api-worker/contracts/limits";
import { renderToReadableStream, renderToStaticMarkup } from "react-dom/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { documentMiddleware } from "../../../lib/document-middleware.server.ts";
import {
  createRenderBudgets,
  PageBudget,
  pageBudgetContext,
  renderedPerMinute,
} from "../../../lib/render-budget.server.ts";
import { RenderMaxContext, SpendContext, servedMax } from "../../../lib/render-budget.ts";
import { createLoadContext } from "../../../lib/request-context.server.ts";
import { loader as loadRoot } from "../../../root.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import { countWork } from "../markdown/testing/count-work.ts";
import { hostileTexts } from "../markdown/testing/hostile-texts.ts";
import type { ChatMessage } from "../message.ts";
import { MessageList } from "./message-list.tsx";
import { servedLengths } from "./served-text.ts";

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

interface Budget {
  readonly max: number;
  readonly spend: (cost: number) => void;
}

const wholeBudget: Budget = { max: renderedPerMinute, spend: () => {} };

/** Renders a page as the server does, and counts its work and its elements. */
async function serve(messages: readonly ChatMessage[], budget = wholeBudget) {
  const page = (
    <SpendContext value={budget.spend}>
      <RenderMaxContext value={budget.max}>{pageOf(messages)}</RenderMaxContext>
    </SpendContext>
  );
  const { steps, result } = await countWork(async () => {
    const body = await renderToReadableStream(page);
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

test("page after page for one address costs what its budget has; another address has its own", async () => {
  const budgets = createRenderBudgets(() => now);
  let now = 1_000_000;
  const text = hostileTexts["hard breaks"]?.(100_000) ?? "";
  const open = async (address: string) => {
    const budget = new PageBudget(budgets, address);
    const { elements, html } = await serve([answer("a", text)], {
      max: budget.reserve(),
      spend: (cost) => budget.spend(cost),
    });
    budget.settle();
    // No character is lost: it is text where it is not rendered.
    expect(html.replace(/<[^>]*>/g, "").length).toBeGreaterThan(text.length);
    return elements;
  };
  const first = await open("one");
  expect(first).toBeGreaterThan(5_000);
  budgets.spend("one", 0.7 * renderedPerMinute);
  let elements = 0;
  for (let pages = 0; pages < 6; pages += 1) elements += await open("one");
  expect(elements).toBeLessThan(3 * first);
  expect(await open("one")).toBeLessThan(100);
  expect(await open("another")).toBe(first);
  now += 60_000;
  expect(await open("one")).toBe(first);
});

test("pages that are loaded at once share the budget, and give back what they do not render", async () => {
  const address = "198.51.100.30";
  /** Loads so many pages that render a part of what they may. @returns what each rendered */
  const loadAtOnce = async (count: number, part: number) => {
    const loads = Array.from({ length: count }, async () => {
      const request = new Request("https://chat.example/share/c", {
        headers: { "cf-connecting-ip": address },
      });
      const context = createLoadContext({
        api: { fetch: async () => new Response() },
        timeZone: undefined,
      });
      const args = { request, url: new URL(request.url), pattern: "*", context, params: {} };
      let rendered = 0;
      await documentMiddleware(args, async () => {
        const { renderMax } = loadRoot(args);
        // The page's own loader takes longer.
        await new Promise((resolve) => setTimeout(resolve, 10));
        rendered = part * Math.min(servedMax, renderMax);
        context.get(pageBudgetContext).spend(rendered);
        return new Response("page");
      });
      return rendered;
    });
    return Promise.all(loads);
  };
  const now = Date.now();
  const clock = vi.spyOn(Date, "now").mockReturnValue(now);
  onTestFinished(() => clock.mockRestore());
  expect(Math.min(...(await loadAtOnce(10, 0.01)))).toBe(0.01 * servedMax);
  const many = await loadAtOnce(30, 1);
  expect(many.reduce((sum, rendered) => sum + rendered)).toBe(renderedPerMinute - 0.1 * servedMax);
  expect(await loadAtOnce(1, 1)).toEqual([0]);
  clock.mockReturnValue(now + 60_000);
  expect(await loadAtOnce(1, 1)).toEqual([servedMax]);
});

test("usual pages do not use the budget up", () => {
  const budgets = createRenderBudgets(() => 0);
  const usual = "A paragraph with **bold** words and `code`.\n\n- one\n- two\n\n".repeat(10);
  const page = Array.from({ length: 8 }, (_, index) => answer(`a${index}`, usual));
  for (let pages = 0; pages < 60; pages += 1) {
    const { lengths, cost } = servedLengths(page, budgets.left("one"));
    expect(lengths.size).toBe(0);
    budgets.spend("one", cost);
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
  expect(await work(20_000)).toBeLessThan(2.5 * (await work(10_000)));
});
