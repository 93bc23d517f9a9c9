import { parseHTML } from "linkedom";
import { renderToReadableStream } from "react-dom/server";
import { Markdown } from "../../markdown/markdown.tsx";
import { inParagraphs } from "../copied.ts";
import { elementsHtml, tableHtml, tableText } from "../copy-elements.ts";
import { readChildren } from "../read-page.ts";
import { toText } from "../to-text.ts";

/** Renders an answer as the page shows it, with typeset formulas and coloured code. */
async function renderAnswer(text: string): Promise<Element> {
  const body = await renderToReadableStream(<Markdown text={text} isStreaming={false} />);
  await body.allReady;
  const html = await new Response(body).text();
  return parseHTML(
    `<html><body><div class="md">${html}</div></body></html>`,
  ).document.querySelector(".md") as Element;
}

/** The HTML that "Copy answer" gives. */
export async function htmlOf(markdown: string): Promise<string> {
  return elementsHtml([await renderAnswer(markdown)]);
}

/** The plain text of a selection of the whole answer. */
export async function textOf(markdown: string): Promise<string> {
  return toText(inParagraphs(readChildren(await renderAnswer(markdown))));
}

/** What "Copy table" gives for the first table. */
export async function tableOf(markdown: string): Promise<{ text: string; html: string }> {
  const table = (await renderAnswer(markdown)).querySelector("table");
  if (!table) throw new Error("The answer has no table.");
  return { text: tableText(table), html: tableHtml(table) };
}
